import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { deleteOneFile } from './delete-file.ts'
import { dryRunGate } from './gate.ts'
import { rcat } from './rcat.ts'
import { rmdirs } from './rmdirs.ts'
import { parseTimestamp, touch } from './touch.ts'

const time = parseRfc3339('2006-01-02T15:04:05Z') ?? 0n

async function planted(tree: Readonly<Record<string, string>>): Promise<Remote> {
  const remote = createMemoryRemote()
  await plant(remote, tree)
  return remote
}

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

/** What is thrown by a write of a stream that is longer than what is read ahead, on a remote whose writes do `write`. */
async function longRcat(write: Remote['write']): Promise<{ readonly error: unknown; readonly read: number }> {
  const remote = { ...(await planted({})), write }
  let read = 0
  async function* stream() {
    for (; read < 10; read++) yield await Promise.resolve(Buffer.alloc(100_000))
  }
  const o = { modified: time, size: 5, cutoff: 1000 }
  const writing = rcat(recordRun().ctx, { remote, path: '', file: 'f' }, stream(), o)
  return { error: await writing.catch((error: unknown) => error), read }
}

describe('rcat of a size that was promised', () => {
  test('reads the rest where another size comes, and says how much there was', async () => {
    const memory = await planted({})
    const { error, read } = await longRcat((path, source, o) => memory.write(path, source, o))
    expect(error).toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/sizes differ src 5 vs dst\(.*\) 1000000$/),
    })
    expect(read).toBe(10)
  })

  test('fails as the remote does where that is not why, without reading on', async () => {
    const full = new StorageError('disk-full', 'no space')
    const { error, read } = await longRcat(() => Promise.reject(full))
    expect(error).toBe(full)
    expect(read).toBeLessThan(3)
  })
})

describe('rmdirs', () => {
  const tree = { 'r/a/b/': '', 'r/a/c/': '', 'r/d/file': 'x', 'r/d/e/': '' }

  test('removes what holds no file, deepest first, and the root with it', async () => {
    const remote = await planted({ 'r/a/b/': '', 'r/a/c/': '', other: '' })
    const run = recordRun()
    await rmdirs(run.ctx, { remote, path: 'r' })
    expect(await treeOf(remote)).toEqual({ other: '' })
    expect(run.of('dir-deleted').map(({ path }) => path)).toEqual(['a/b', 'a/c', 'a', ''])
  })

  test('leaves directories with files below them, and the root where it is asked to', async () => {
    const remote = await planted(tree)
    await rmdirs(recordRun().ctx, { remote, path: 'r' })
    expect(Object.keys(await treeOf(remote))).toEqual(['r/', 'r/d/', 'r/d/file'])
    const empty = await planted({ 'r/a/': '' })
    await rmdirs(recordRun().ctx, { remote: empty, path: 'r' }, { leaveRoot: true })
    expect(Object.keys(await treeOf(empty))).toEqual(['r/'])
  })

  test('a missing root is reported and the end of it', async () => {
    const run = recordRun()
    await expect(rmdirs(run.ctx, { remote: await planted({}), path: 'no' })).rejects.toMatchObject({
      message: expect.stringMatching(/^failed to remove directories: /),
    })
    expect(run.lines()).toContain(`ERROR memory root 'no': Failed to list "": directory not found`)
    expect(run.of('error')).toHaveLength(2)
  })
})

describe('deletefile', () => {
  test('deletes the file and nothing else', async () => {
    const remote = await planted({ 'r/a': '1', 'r/b': '2' })
    await deleteOneFile(recordRun().ctx, { remote, path: 'r', file: 'a' }, { typed: 'x:r/a' })
    expect(await treeOf(remote)).toEqual({ 'r/': '', 'r/b': '2' })
  })

  test('a directory, or nothing, is not found', async () => {
    const remote = await planted({ 'r/a': '1' })
    await expect(deleteOneFile(recordRun().ctx, { remote, path: 'r' }, { typed: 'x:r' })).rejects.toMatchObject({
      code: 'not-found',
      message: "x:r is a directory or doesn't exist: object not found",
    })
  })
})

describe('touch', () => {
  const timesOf = async (remote: Remote, ...paths: readonly string[]) =>
    await Promise.all(paths.map(async (path) => (await remote.stat(path))?.modified === time))

  test('sets the time of a file, and makes an empty one', async () => {
    const remote = await planted({ a: 'x' })
    await touch(recordRun().ctx, { remote, path: 'a' }, { time })
    await touch(recordRun().ctx, { remote, path: 'd/new' }, { time })
    expect(await timesOf(remote, 'a', 'd/new')).toEqual([true, true])
    expect(await treeOf(remote)).toEqual({ a: 'x', 'd/': '', 'd/new': '' })
  })

  test('of a directory it sets those of the files in it, or below it', async () => {
    const remote = await planted({ 'r/a': '', 'r/d/b': '' })
    await touch(recordRun().ctx, { remote, path: 'r' }, { time })
    expect(await timesOf(remote, 'r/a', 'r/d/b', 'r/d')).toEqual([true, false, false])
    await touch(recordRun().ctx, { remote, path: 'r' }, { time, recursive: true })
    expect(await timesOf(remote, 'r/a', 'r/d/b', 'r/d')).toEqual([true, true, false])
  })

  test('makes nothing where it must not', async () => {
    const remote = await planted({ a: 'x' })
    const run = recordRun()
    await touch(run.ctx, { remote, path: 'd/no' }, { time, noCreate: true })
    await touch(run.ctx, { remote, path: 'no' }, { time, recursive: true })
    await touch(run.ctx, { remote, path: 'no' }, { time, gate: dryRunGate(run.ctx.log) })
    await touch(run.ctx, { remote, path: 'a' }, { time, gate: dryRunGate(run.ctx.log) })
    expect(run.lines()).toEqual([
      'NOTICE a: Skipped touch as --dry-run is set',
      "NOTICE memory root '': Not touching nonexistent file due to --recursive",
      "NOTICE memory root '': Skipped touch (create) as --dry-run is set",
      "NOTICE memory root 'd': Not touching nonexistent file due to --no-create",
    ])
    expect(await treeOf(remote)).toEqual({ a: 'x' })
    expect(await timesOf(remote, 'a')).toEqual([false])
  })

  test.each([
    ['060102', '2006-01-02T00:00:00Z'],
    ['690102', '1969-01-02T00:00:00Z'],
    ['2006-01-02T15:04:05', '2006-01-02T15:04:05Z'],
    ['2006-01-02T15:04:05.25', '2006-01-02T15:04:05.25Z'],
  ])('%s is a time', (text, expected) => {
    expect(parseTimestamp(text, false)).toBe(parseRfc3339(expected))
  })

  test.each(['2006', '2006-13-02T15:04:05', '063202', '2006-01-02', 'x'])('%s is none', (text) => {
    expect(() => parseTimestamp(text, false)).toThrow(StorageError)
    expect(() => parseTimestamp(text, true)).toThrow(StorageError)
  })
})

describe('rcat', () => {
  const dest = (remote: Remote) => ({ remote, path: 'new', file: 'f' })

  test.each([0, 5, 100])('what a pipe gives becomes a file, with a cutoff of %d bytes', async (cutoff) => {
    const remote = await planted({})
    await rcat(recordRun().ctx, dest(remote), pieces('piped ', 'through ', 'here'), { modified: time, cutoff })
    expect(await treeOf(remote)).toEqual({ 'new/': '', 'new/f': 'piped through here' })
    expect((await remote.stat('new/f'))?.modified).toBe(time)
  })

  test.each([0, 100])('another size than was promised leaves nothing (cutoff %d)', async (cutoff) => {
    const remote = await planted({})
    const run = recordRun()
    const message = "corrupted on transfer: sizes differ src 7 vs dst(memory root 'new') 5"
    await expect(
      rcat(run.ctx, dest(remote), pieces('pi', 'ped'), { modified: time, size: 7, cutoff }),
    ).rejects.toMatchObject({ code: 'corrupt', message })
    expect(run.lines()).toEqual([`ERROR f: ${message}`])
    expect(await remote.stat('new/f')).toBeUndefined()
  })

  test.each([0, 100])('an abort does not wait for who writes to the pipe (cutoff %d)', async (cutoff) => {
    const [remote, abort] = [await planted({}), new AbortController()]
    async function* silent() {
      yield Buffer.from('hi')
      await new Promise(() => undefined)
    }
    const running = rcat(recordRun({ signal: abort.signal }).ctx, dest(remote), silent(), { modified: time, cutoff })
    setTimeout(() => abort.abort(new Error('enough')), 20)
    await expect(running).rejects.toThrow('enough')
    expect(await remote.stat('new/f')).toBeUndefined()
  })

  test('short content can be sent again, long content is given up after one try', async () => {
    const remote = await planted({})
    let tries = 0
    const flaky: Remote = {
      ...remote,
      async write(path, source, o) {
        tries++
        for await (const _ of source.stream()) break
        return await remote.write(path, source, o)
      },
    }
    await rcat(recordRun().ctx, dest(flaky), pieces('short'), { modified: time })
    expect(await treeOf(remote)).toMatchObject({ 'new/f': 'short' })
    await expect(
      rcat(recordRun().ctx, dest(flaky), pieces('too ', 'long'), { modified: time, cutoff: 1 }),
    ).rejects.toMatchObject({ retry: 'given-up' })
    expect(tries).toBe(2)
  })

  test('a dry run reads to the end and writes nothing', async () => {
    const remote = await planted({})
    const run = recordRun()
    const gate = dryRunGate(run.ctx.log)
    await rcat(run.ctx, dest(remote), pieces('a', 'bc'), { modified: time, gate })
    expect(run.lines()).toEqual(['NOTICE f: Skipped upload from pipe as --dry-run is set'])
    expect(run.of('transfer-done')).toMatchObject([{ size: 3, failed: false }])
    expect(await treeOf(remote)).toEqual({})
  })
})
