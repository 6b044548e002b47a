import { afterAll, beforeAll, describe, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import type { JottacloudOptions } from './index.ts'
import { conformance } from '../../testing/index.ts'

let account: EmulatedJottacloud
let tests = 0

beforeAll(async () => {
  account = await emulatedJottacloud()
})

afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

const variants: Readonly<Record<string, Partial<JottacloudOptions>>> = {
  'as it is': {},
  'without versions, past the trash': { noVersions: true, hardDelete: true },
}

for (const [variant, options] of Object.entries(variants)) {
  describe(`Jottacloud ${variant}`, () => {
    conformance({ describe, test }, async () => {
      const remote = account.remote({ ...options, env: { tempDir: '/nonexistent' } })
      const root = `trial ${++tests}`
      await remote.mkdir(root)
      return { remote, root, dispose: async () => remote.close?.() }
    })
  })
}
