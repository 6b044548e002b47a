import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, test } from 'vitest'
import { conformance } from '../../testing/index.ts'
import { createLocalRemote } from './index.ts'

describe('local', () => {
  conformance({ describe, test }, async () => {
    const dir = mkdtempSync(`${tmpdir()}/local-`)
    return {
      remote: createLocalRemote(),
      root: dir.slice(1),
      dispose: async () => rmSync(dir, { recursive: true }),
    }
  })
})
