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

describe('Jottacloud', () => {
  conformance({ describe, test }, async () => {
    const remote = account.remote({ env: { tempDir: '/nonexistent' } })
    const root = `trial ${++tests}`
    await remote.mkdir(root)
    return { remote, root, dispose: async () => remote.close?.() }
  })
})
