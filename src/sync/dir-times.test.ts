import { expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import type { LogRecord } from '../core/context.ts'
import { createContext } from '../core/create-context.ts'
import type { Time } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir } from './copy.ts'
import type { SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

const [old, now] = [1_000_000_000n, 2_000_000_000n]
const source = { 'a/b/same': 's', 'a/b/changed': 'new', 'c/same': 's', 'empty/': '' }
const dest = { 'a/b/same': 's', 'a/b/changed': 'old!', 'c/same': 's', 'c/extra': 'e', 'empty/': '' }
const dirs = ['a/b', 'a', 'c', 'empty']

/** The times of the destination's directories after a run; all of the source's are `now`, the destination's `before`. */
async function timesAfter(run: typeof copyDir, o: SyncOptions = {}, before: Time = old) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, source, now)
  await plant(to, dest, now)
  for (const path of dirs) {
    await from.setTimes?.({ kind: 'dir', path }, { modified: now })
    await to.setTimes?.({ kind: 'dir', path }, { modified: before })
  }
  await run(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, o).catch(() => undefined)
  const times: Record<string, Time | undefined> = {}
  for (const path of dirs) times[path] = (await to.stat(path))?.modified
  return times
}

test('every directory that both sides have gets the time of the source, be it empty', async () => {
  expect(await timesAfter(copyDir)).toEqual({ 'a/b': now, a: now, c: now, empty: now })
})

test('where times of directories are not compared, those above a change get it', async () => {
  expect(await timesAfter(copyDir, { sizeOnly: true })).toEqual({ 'a/b': now, a: now, c: old, empty: old })
})

test('--immutable lets directories be', async () => {
  expect(await timesAfter(copyDir, { immutable: true })).toEqual({ 'a/b': old, a: old, c: old, empty: old })
})

test('where the destination is not listed, those that have files get it', async () => {
  expect(await timesAfter(copyDir, { noTraverse: true })).toEqual({ 'a/b': now, a: now, c: now, empty: old })
})

test('what is not there does not have its time set', async () => {
  const [from, to, other] = [createMemoryRemote(), createMemoryRemote(), createMemoryRemote()]
  await plant(from, { 'a/b': 'b' }, now)
  await plant(other, { 'a/b': 'b' }, now)
  const run = recordRun()
  const o = { noTraverse: true, compareDest: [{ remote: other, path: '' }] }
  await copyDir(run.ctx, { remote: from, path: '' }, { remote: to, path: '' }, o)
  expect(run.lines()).toEqual(['INFO There was nothing to transfer'])
})

test('a directory that something was deleted from has the time of the source again', async () => {
  expect(await timesAfter(syncDir, {}, now)).toMatchObject({ c: now })
})

test('times of directories that differ are set and said before the files beside them start, however long it takes', async () => {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, { 'a file': 'new', 'c/same': 's' }, now)
  await plant(to, { 'a file': 'old!', 'c/same': 's' }, now)
  await from.setTimes?.({ kind: 'dir', path: 'c' }, { modified: now })
  await to.setTimes?.({ kind: 'dir', path: 'c' }, { modified: old })
  const slow: typeof to = {
    ...to,
    async setTimes(...args) {
      if (args[0].kind === 'dir') await new Promise((resolve) => setTimeout(resolve, 30))
      return await to.setTimes?.(...args)
    },
  }
  const said: (string | undefined)[] = []
  const log = { log: ({ object }: LogRecord) => void said.push(object), enabled: () => false }
  await copyDir(createContext({ log }), { remote: from, path: '' }, { remote: slow, path: '' })
  expect(said).toEqual(['c', 'a file'])
})
