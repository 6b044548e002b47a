import { describe, expect, test } from 'vitest'
import type { Remote } from './remote.ts'
import type { Decisions } from './wrap.ts'
import { wrap } from './wrap.ts'

const inner: Remote = {
  name: 'inner',
  type: 'test',
  facts: () => ({
    description: 'inner',
    hashes: [],
    timePrecision: 1n,
    caseInsensitive: false,
    emptyDirs: true,
    dirTimes: true,
    slowHash: false,
    partialUploads: false,
  }),
  identity: (path) => ({ account: 'inner', path }),
  async *list() {
    yield []
  },
  stat: async (path) => ({ kind: 'dir', path }),
  open: () => Promise.reject(new Error('not part of this test')),
  write: () => Promise.reject(new Error('not part of this test')),
  remove: () => Promise.resolve(),
  mkdir: () => Promise.resolve(),
  rmdir: () => Promise.resolve(),
  purge: () => Promise.resolve(),
  about: async () => ({ used: 1 }),
}

const forwardAll: Decisions = {
  facts: 'forward',
  identity: 'forward',
  list: 'forward',
  stat: 'forward',
  open: 'forward',
  write: 'forward',
  remove: 'forward',
  mkdir: 'forward',
  rmdir: 'forward',
  listAll: 'forward',
  copy: 'forward',
  move: 'forward',
  moveDir: 'forward',
  purge: 'forward',
  setTimes: 'forward',
  hash: 'forward',
  nameProblem: 'forward',
  openParts: 'forward',
  metadata: 'forward',
  setMetadata: 'forward',
  about: 'forward',
  userInfo: 'forward',
  cleanUp: 'forward',
  command: 'forward',
  links: 'forward',
  close: 'forward',
}

describe('wrap', () => {
  test('what is forwarded reaches the inner remote', async () => {
    const outer = wrap(inner, forwardAll)
    expect([outer.name, outer.type]).toEqual(['inner', 'test'])
    expect(await outer.stat('a')).toEqual({ kind: 'dir', path: 'a' })
    expect(await outer.about?.('')).toEqual({ used: 1 })
  })

  test('what is decided otherwise does not', async () => {
    const outer = wrap(inner, { ...forwardAll, stat: async () => undefined }, { name: 'outer', type: 'wrapped' })
    expect([outer.name, outer.type]).toEqual(['outer', 'wrapped'])
    expect(await outer.stat('a')).toBeUndefined()
  })

  test('a capability is gone where the wrapper says so, and where the inner remote lacks it', () => {
    const outer = wrap(inner, { ...forwardAll, purge: 'absent', copy: () => Promise.reject(new Error('never called')) })
    expect(['purge' in outer, 'copy' in outer, 'move' in outer, 'about' in outer]).toEqual([false, false, false, true])
  })
})
