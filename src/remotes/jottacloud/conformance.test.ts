import { afterAll, beforeAll, describe, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { conformance } from '../../testing/index.ts'

let account: EmulatedJottacloud
let tests = 0

beforeAll(async () => {
  account = await emulatedJottacloud()
})

afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

/** Of the suite, these do not fit; what is behind them is tested in write.test.ts. */
const leftOut = new Map([
  ['a write makes the parents and tells what was stored', 'the number of a new revision would cost another request'],
  ['a name is kept: emoji', 'it holds a zero-width joiner, which the service refuses (docs/protocol.md §5.2)'],
])
const runner = {
  describe,
  test: (name: string, body: () => Promise<void>) => (leftOut.has(name) ? undefined : test(name, body)),
}

describe('Jottacloud', () => {
  conformance(runner, async () => {
    const remote = account.remote({ env: { tempDir: '/nonexistent' } })
    const root = `trial ${++tests}`
    await remote.mkdir(root)
    return { remote, root, dispose: async () => remote.close?.() }
  })
})
