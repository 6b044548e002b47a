import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import { sourceFromBytes } from '../core/source.ts'
import { parseRfc3339 } from '../core/time.ts'
import type { Remote } from '../core/remote.ts'
import { dryRunGate } from '../operations/gate.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { sleep } from '../util/async.ts'
import { copyDir, copyFile } from './copy.ts'
import type { CopyOptions } from './options.ts'

const time = parseRfc3339('2021-04-05T06:07:08Z') ?? 0n
const tree = {
  'src/file1.jpg': 'jpeg one',
  'src/file2.png': 'png two!',
  'src/sub/deep.txt': 'deep\n',
  'src/sub/deeper/x.md': '# x\n',
}

async function sides(content: Record<string, string> = tree, dest: Record<string, string> = {}) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, content, time)
  await plant(to, dest, time)
  for (const path of ['src/sub/deeper', 'src/sub', 'src/empty'])
    if (await from.stat(path)) await from.setTimes?.({ kind: 'dir', path }, { modified: time })
  return { from, to, source: { remote: from, path: 'src' }, dest: { remote: to, path: 'new' } }
}

/** `remote` with some members done otherwise. */
function altered(remote: Remote, members: Partial<Remote>): Remote {
  return { ...remote, ...members }
}

describe('copying a directory', () => {
  test('on the server keeps what it replaced, where the source has changed since it was listed', async () => {
    const remote = createMemoryRemote()
    await plant(remote, { 'src/a': 'as it was listed', 'dst/a': 'old' }, time)
    const changing = altered(remote, {
      async copy(from, to, o) {
        await plant(remote, { 'src/a': 'changed meanwhile' }, time)
        return await (remote.copy?.(from, to, o) ?? expect.fail('it can copy'))
      },
    })
    const { ctx } = recordRun()
    const copied = copyDir(ctx, { remote: changing, path: 'src' }, { remote: changing, path: 'dst' })
    await expect(copied).rejects.toMatchObject({ code: 'corrupt' })
    expect(await treeOf(remote, 'dst')).toEqual({ 'dst/a': 'changed meanwhile' })
  })

  test('brings every file and says so, then sets the times of the directories it made', async () => {
    const { source, dest, to } = await sides()
    const run = recordRun({ transfers: 2 })
    await copyDir(run.ctx, source, dest)
    expect(await treeOf(to, 'new')).toEqual({
      'new/file1.jpg': 'jpeg one',
      'new/file2.png': 'png two!',
      'new/sub/': '',
      'new/sub/deep.txt': 'deep\n',
      'new/sub/deeper/': '',
      'new/sub/deeper/x.md': '# x\n',
    })
    expect(run.lines()).toEqual([
      'INFO file1.jpg: Copied (new)',
      'INFO file2.png: Copied (new)',
      'INFO sub/deep.txt: Copied (new)',
      'INFO sub/deeper/x.md: Copied (new)',
      'INFO sub/deeper: Set directory modification time (using DirSetModTime)',
      'INFO sub: Set directory modification time (using DirSetModTime)',
    ])
    expect(await to.stat('new/sub')).toMatchObject({ modified: time })
    expect(await to.stat('new/sub/deeper')).toMatchObject({ modified: time })
    expect(await to.stat('new/file1.jpg')).toMatchObject({ modified: time })
  })

  test('counts as rclone does: 6 listed, no checks, 4 transfers planned, started and done', async () => {
    const { source, dest } = await sides()
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(run.of('listed').reduce((sum, event) => sum + event.entries, 0)).toBe(6)
    expect(run.of('check-planned')).toEqual([])
    for (const type of ['transfer-planned', 'transfer-started', 'transfer-done'] as const)
      expect(run.of(type).map(({ size }) => size)).toHaveLength(4)
    expect(run.of('transfer-progress').at(-1)?.position).toBeGreaterThan(0)
  })

  test('a second run checks every file, transfers nothing and says so', async () => {
    const { source, dest } = await sides()
    await copyDir(recordRun().ctx, source, dest)
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(run.lines()).toEqual(['INFO There was nothing to transfer'])
    for (const type of ['check-planned', 'check-started', 'check-done'] as const) expect(run.of(type)).toHaveLength(4)
  })

  test('sets the time of a directory that has changed, though nothing is transferred', async () => {
    const { source, dest, to } = await sides()
    await copyDir(recordRun().ctx, source, dest)
    await to.setTimes?.({ kind: 'dir', path: 'new/sub' }, { modified: time + 1n })
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(run.lines()).toEqual([
      'INFO There was nothing to transfer',
      'INFO sub: Set directory modification time (using SetModTime)',
    ])
    await to.setTimes?.({ kind: 'dir', path: 'new/sub' }, { modified: time + 1n })
    await copyDir(run.ctx, source, dest, { noUpdateDirModtime: true })
    expect(await to.stat('new/sub')).toMatchObject({ modified: time + 1n })
  })

  test('sets a time that differs at once, and all times above a change when it is done', async () => {
    const { source, dest, from, to } = await sides()
    await copyDir(recordRun().ctx, source, dest)
    await plant(from, { 'src/sub/deeper/x.md': '# changed\n' }, time)
    for (const path of ['src/sub/deeper', 'src/sub'])
      await from.setTimes?.({ kind: 'dir', path }, { modified: path === 'src/sub' ? time : time + 5n })
    const run = recordRun({ transfers: 1 })
    await copyDir(run.ctx, source, dest)
    expect(run.lines()).toEqual([
      'INFO sub/deeper/x.md: Copied (replaced existing)',
      'INFO sub/deeper: Set directory modification time (using SetModTime)',
      'INFO sub/deeper: Set directory modification time (using SetModTime)',
      'INFO sub: Set directory modification time (using SetModTime)',
    ])
    expect(await to.stat('new/sub/deeper')).toMatchObject({ modified: time + 5n })
    expect(await to.stat('new/sub')).toMatchObject({ modified: time })
  })

  test('replaces what is different and leaves alone what only the destination has', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'new content' }, { 'new/a': 'old', 'new/b': 'mine' })
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(await treeOf(to, 'new')).toEqual({ 'new/a': 'new content', 'new/b': 'mine' })
    expect(run.lines()).toEqual(['INFO a: Copied (replaced existing)'])
  })

  test('sets only the time where the content is the same', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'same' })
    await plant(to, { 'new/a': 'same' }, time + 5n)
    const before = await to.stat('new/a')
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(run.lines()).toEqual([
      'INFO There was nothing to transfer',
      'INFO a: Updated modification time in destination',
    ])
    expect(await to.stat('new/a')).toEqual({ ...before, modified: time })
  })

  test('makes empty directories only when asked to', async () => {
    const { source, dest, to } = await sides({ 'src/empty/nested/': '', 'src/f': 'x' })
    const run = recordRun()
    await copyDir(recordRun().ctx, source, dest)
    expect(await treeOf(to, 'new')).toEqual({ 'new/f': 'x' })
    await from(source.remote)
    await copyDir(run.ctx, source, dest, { createEmptySrcDirs: true })
    expect(run.lines()).toEqual([
      'INFO There was nothing to transfer',
      'INFO empty/nested: Made directory with metadata (mtime=2021-04-05T06:07:08Z)',
      'INFO empty/nested: Set directory modification time (using SetModTime)',
      'INFO empty: Made directory with metadata (mtime=2021-04-05T06:07:08Z)',
      'INFO empty: Set directory modification time (using SetModTime)',
    ])
    expect(await to.stat('new/empty/nested')).toMatchObject({ kind: 'dir', modified: time })

    async function from(remote: Remote): Promise<void> {
      for (const path of ['src/empty/nested', 'src/empty'])
        await remote.setTimes?.({ kind: 'dir', path }, { modified: time })
    }
  })

  test('goes no deeper than it is told', async () => {
    const { source, dest, to } = await sides()
    await copyDir(recordRun().ctx, source, dest, { maxDepth: 1 })
    expect(Object.keys(await treeOf(to, 'new'))).toEqual(['new/file1.jpg', 'new/file2.png'])
  })

  test.each([{ fastList: true }, { noTraverse: true }, { noCheckDest: true }, { noUnicodeNormalization: true }])(
    'gives the same tree with %o',
    async (o) => {
      const { source, dest, to } = await sides(tree, { 'new/file1.jpg': 'other', 'new/sub/deep.txt': 'gone stale' })
      await copyDir(recordRun().ctx, source, dest, o)
      expect(await treeOf(to, 'new')).toMatchObject({ 'new/file1.jpg': 'jpeg one', 'new/sub/deep.txt': 'deep\n' })
    },
  )

  test('looks up the files alone where the destination is not to be listed', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'x' }, { 'new/a': 'x', 'new/b': 'y' })
    const unlisted = altered(to, { list: () => expect.fail('listed'), listAll: () => expect.fail('listed') })
    const run = recordRun()
    await copyDir(run.ctx, source, { ...dest, remote: unlisted }, { noTraverse: true })
    expect(run.lines()).toEqual(['INFO There was nothing to transfer'])
  })

  test('puts the other Unicode form of a name where the destination has it', async () => {
    const { source, dest, to } = await sides({ 'src/\u00FC.txt': 'new content' }, { 'new/u\u0308.txt': 'old' })
    await copyDir(recordRun().ctx, source, dest)
    expect(await treeOf(to, 'new')).toEqual({ 'new/u\u0308.txt': 'new content' })
  })
})

describe('copying from or to nothing', () => {
  test('a missing source is one error, and nothing is made', async () => {
    const { source, dest, to } = await sides({})
    const run = recordRun()
    await expect(copyDir(run.ctx, source, dest)).rejects.toMatchObject({
      code: 'dir-not-found',
      message: 'directory not found',
    })
    expect(run.lines()).toEqual(["ERROR memory root 'src': error reading source root directory: directory not found"])
    expect(run.of('error')).toHaveLength(1)
    expect(await to.stat('new')).toBeUndefined()
  })

  test('what is thrown is what was reported, so that it is counted once', async () => {
    const { source, dest } = await sides({})
    const run = recordRun()
    const thrown: unknown = await copyDir(run.ctx, source, dest).catch((error: unknown) => error)
    expect(run.of('error')[0]?.error).toBe(thrown)
  })

  test('an empty source makes no destination', async () => {
    const { source, dest, to } = await sides({ 'src/': '' })
    await copyDir(recordRun().ctx, source, dest)
    expect(await to.stat('new')).toBeUndefined()
  })

  test('a directory is not copied onto itself', async () => {
    const { source } = await sides()
    const run = recordRun()
    await copyDir(run.ctx, source, source)
    expect(run.lines()).toEqual(["ERROR memory root 'src': Nothing to do as source and destination are the same"])
    expect(run.of('error')).toEqual([])
  })
})

describe('copying with failures', () => {
  test('one file that fails keeps no other from being copied and is thrown at the end', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `src/f${i}`)
    const { source, dest, to } = await sides(Object.fromEntries(names.map((name) => [name, name])))
    const failing = altered(source.remote, {
      open: (path, o) =>
        path === 'src/f7'
          ? Promise.reject(new StorageError('permission', 'open src/f7: permission denied'))
          : source.remote.open(path, o),
    })
    const run = recordRun()
    await expect(copyDir(run.ctx, { ...source, remote: failing }, dest)).rejects.toMatchObject({ code: 'permission' })
    expect(Object.keys(await treeOf(to, 'new'))).toHaveLength(29)
    expect(run.lines()).toContain('ERROR f7: Failed to copy: open src/f7: permission denied')
    expect(run.of('error')).toHaveLength(1)
    expect(run.of('transfer-done').filter(({ failed }) => failed)).toHaveLength(1)
  })

  test('a directory that cannot be listed is left out and the rest is copied', async () => {
    const { source, dest, to } = await sides()
    const failing = altered(source.remote, {
      async *list(dir, o) {
        if (dir === 'src/sub') throw new StorageError('permission', 'no entry')
        yield* source.remote.list(dir, o)
      },
    })
    const run = recordRun()
    await expect(copyDir(run.ctx, { ...source, remote: failing }, dest)).rejects.toMatchObject({ code: 'permission' })
    expect(Object.keys(await treeOf(to, 'new'))).toEqual(['new/file1.jpg', 'new/file2.png'])
    expect(run.lines()).toContain('ERROR sub: error reading source directory: no entry')
  })

  test('a login that ends while directories are listed ends everything', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/f${i}`, 'x']))
    const { source, dest, to } = await sides({ ...files, 'src/sub/file': 'x' })
    const from = altered(source.remote, {
      async *list(dir, o) {
        if (dir === 'src/sub') throw new StorageError('auth', 'log in again')
        yield* source.remote.list(dir, o)
      },
    })
    const slow = altered(to, {
      write: async (...args) => {
        await sleep(20)
        return await to.write(...args)
      },
    })
    const copying = copyDir(recordRun().ctx, { ...source, remote: from }, { ...dest, remote: slow })
    await expect(copying).rejects.toMatchObject({ code: 'auth' })
    expect(Object.keys(await treeOf(to, 'new')).length).toBeLessThan(30)
  })

  test('an entry that cannot be looked at is reported', async () => {
    const { source, dest } = await sides()
    const failing = altered(source.remote, {
      async *list(dir, o) {
        yield* source.remote.list(dir, o)
        if (dir === 'src/sub')
          o?.onError?.(new StorageError('not-found', 'symlink: gone', { details: { path: 'src/sub/broken' } }))
      },
    })
    const run = recordRun()
    await expect(copyDir(run.ctx, { ...source, remote: failing }, dest)).rejects.toMatchObject({ code: 'not-found' })
    expect(run.lines()).toContain('ERROR sub/broken: Listing error: symlink: gone')
  })

  test('a wrong byte keeps the file from being written', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'good bytes', 'src/b': 'fine' })
    const flipping = altered(source.remote, {
      async open(path, o) {
        const reader = await source.remote.open(path, o)
        if (path !== 'src/a') return reader
        return {
          ...reader,
          async *stream(range, streamOptions) {
            for await (const chunk of reader.stream(range, streamOptions)) yield chunk.map((byte) => byte ^ 1)
          },
        }
      },
    })
    const run = recordRun()
    await expect(copyDir(run.ctx, { ...source, remote: flipping }, dest)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/md5 hashes differ: \w{32} promised, \w{32} read$/),
    })
    expect(await treeOf(to, 'new')).toEqual({ 'new/b': 'fine' })
  })

  test('a wrong byte is let through with ignoreChecksum where nobody else looks', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'good' })
    const blind = altered(source.remote, {
      async open(path, o) {
        const reader = await source.remote.open(path, o)
        return { ...reader, stream: () => sourceFromBytes(Buffer.from('evil')).stream() }
      },
      async *list(dir, o) {
        for await (const page of source.remote.list(dir, o))
          yield page.map((entry) => (entry.kind === 'file' ? { ...entry, hashes: {} } : entry))
      },
    })
    await copyDir(recordRun().ctx, { ...source, remote: blind }, dest, { ignoreChecksum: true })
    expect(await treeOf(to, 'new')).toEqual({ 'new/a': 'evil' })
  })

  test('what the destination says it has written is compared, and removed where it is wrong', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'content' })
    const lying = altered(to, {
      write: async (path, content, o) => ({ ...(await to.write(path, content, o)), hashes: { md5: '0'.repeat(32) } }),
    })
    await expect(copyDir(recordRun().ctx, source, { ...dest, remote: lying })).rejects.toMatchObject({
      code: 'corrupt',
    })
    expect(await treeOf(to, 'new')).toEqual({})
  })

  test('a source that changes after it was listed is not copied', async () => {
    const { source, dest, to } = await sides({ 'src/a': 'first' })
    const changing = altered(source.remote, {
      async open(path, o) {
        await plant(source.remote, { [path]: 'second, longer' })
        return await source.remote.open(path, o)
      },
    })
    await expect(copyDir(recordRun().ctx, { ...source, remote: changing }, dest)).rejects.toMatchObject({
      code: 'changed',
    })
    expect(await to.stat('new/a')).toBeUndefined()
  })

  test('a login that has ended ends the run', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `src/f${i}`)
    const { source, dest, to } = await sides(Object.fromEntries(names.map((name) => [name, name])))
    let writes = 0
    const loggedOut = altered(to, {
      write: () => {
        writes++
        return Promise.reject(new StorageError('auth', 'log in again'))
      },
    })
    const run = recordRun()
    await expect(copyDir(run.ctx, source, { ...dest, remote: loggedOut })).rejects.toMatchObject({ code: 'auth' })
    expect(writes).toBeLessThanOrEqual(4)
  })
})

describe('names that the destination cannot tell apart', () => {
  test('the first is copied and the others are errors', async () => {
    const { source } = await sides({ 'src/A.txt': 'upper', 'src/a.txt': 'lower' })
    const to = createMemoryRemote({ caseInsensitive: true })
    const run = recordRun()
    await expect(copyDir(run.ctx, source, { remote: to, path: 'new' })).rejects.toMatchObject({ code: 'exists' })
    expect(await treeOf(to, 'new')).toEqual({ 'new/A.txt': 'upper' })
    expect(run.lines()).toEqual([
      'ERROR a.txt: Left out: the source also has "A.txt", which is the same name in the destination',
      'INFO A.txt: Copied (new)',
    ])
  })

  test('the one that the destination has keeps its place', async () => {
    const { source } = await sides({ 'src/A.txt': 'upper', 'src/a.txt': 'lower, changed' })
    const to = createMemoryRemote({ caseInsensitive: true })
    await plant(to, { 'new/a.txt': 'lower' })
    await expect(copyDir(recordRun().ctx, source, { remote: to, path: 'new' })).rejects.toMatchObject({
      code: 'exists',
    })
    expect(await treeOf(to, 'new')).toEqual({ 'new/a.txt': 'lower, changed' })
  })

  test('a name in another case is updated under the spelling of the destination, also below directories', async () => {
    const { source } = await sides({ 'src/Dir/UPPER.TXT': 'new content' })
    const to = createMemoryRemote({ caseInsensitive: true })
    await plant(to, { 'new/dir/upper.txt': 'old' })
    const run = recordRun()
    await copyDir(run.ctx, source, { remote: to, path: 'new' }, { noUpdateDirModtime: true })
    expect(await treeOf(to, 'new')).toEqual({ 'new/dir/': '', 'new/dir/upper.txt': 'new content' })
    expect(run.lines()).toEqual(['INFO Dir/UPPER.TXT: Copied (replaced existing) to: dir/upper.txt'])
  })

  test('a second name in the destination is passed over with a notice', async () => {
    const { source, dest, to } = await sides({ 'src/\u00FC': 'x' }, { 'new/\u00FC': 'x', 'new/u\u0308': 'y' })
    const run = recordRun()
    await copyDir(run.ctx, source, dest)
    expect(run.lines()).toEqual([
      'INFO There was nothing to transfer',
      'NOTICE u\u0308: Duplicate object found in destination - ignoring',
    ])
    expect(Object.keys(await treeOf(to, 'new'))).toHaveLength(2)
  })

  test('a file is not written over a directory, nor a directory over a file', async () => {
    const { source, dest, to } = await sides(
      { 'src/a': 'file', 'src/b/c': 'inside' },
      { 'new/a/kept': 'x', 'new/b': 'file' },
    )
    const run = recordRun()
    await expect(copyDir(run.ctx, source, dest, { noUpdateDirModtime: true })).rejects.toBeInstanceOf(StorageError)
    expect(await treeOf(to, 'new')).toEqual({ 'new/a/': '', 'new/a/kept': 'x', 'new/b': 'file' })
    expect(run.lines().map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'ERROR a: Failed to copy',
      'ERROR b/c: Failed to copy',
    ])
  })
})

describe('dry runs and quitting', () => {
  test('a dry run changes nothing, says what it would do and counts it', async () => {
    const { source, dest, to } = await sides({ ...tree, 'src/same': 'same' })
    await plant(to, { 'new/same': 'same' }, time + 1n)
    const run = recordRun()
    await copyDir(run.ctx, source, dest, { gate: dryRunGate(run.ctx.log) })
    expect(await treeOf(to, 'new')).toEqual({ 'new/same': 'same' })
    expect(run.lines()).toEqual([
      'NOTICE file1.jpg: Skipped copy as --dry-run is set (size 8)',
      'NOTICE file2.png: Skipped copy as --dry-run is set (size 8)',
      'NOTICE same: Skipped update modification time as --dry-run is set (size 4)',
      'NOTICE sub/deep.txt: Skipped copy as --dry-run is set (size 5)',
      'NOTICE sub/deeper/x.md: Skipped copy as --dry-run is set (size 4)',
      'NOTICE sub/deeper: Skipped set directory modification time as --dry-run is set',
      'NOTICE sub: Skipped set directory modification time as --dry-run is set',
    ])
    expect(run.of('transfer-done').filter(({ failed }) => !failed)).toHaveLength(4)
  })

  test('quitting leaves the rest undone without an error', async () => {
    const { source, dest, to } = await sides()
    let asked = 0
    const run = recordRun({ transfers: 1, checkers: 1 })
    await copyDir(run.ctx, source, dest, { gate: () => (asked++ === 0 ? 'do' : 'quit') })
    expect(Object.values(await treeOf(to, 'new'))).toHaveLength(1)
    expect(asked).toBe(2)
  })
})

describe('looking elsewhere', () => {
  const elsewhere = async (o: CopyOptions, dest: Record<string, string> = {}) => {
    const { source, dest: target, to } = await sides({ 'src/d/a': 'same' }, dest)
    const other = createMemoryRemote({ name: 'other' })
    await plant(other, { 'd/a': 'same' }, time)
    const run = recordRun()
    await copyDir(run.ctx, source, target, { ...o, compareDest: [{ remote: other, path: '' }] })
    return { tree: await treeOf(to, 'new').catch(() => undefined), lines: run.lines() }
  }

  test('what is found there may differ, --immutable or not', async () => {
    const found = await elsewhere({ immutable: true }, { 'new/d/a': 'other' })
    expect(found.tree).toEqual({ 'new/d/': '', 'new/d/a': 'other' })
  })

  test('makes no directory for what is found there, unless that is asked for', async () => {
    expect((await elsewhere({})).tree).toBeUndefined()
    expect((await elsewhere({ createEmptySrcDirs: true })).tree).toEqual({ 'new/d/': '' })
  })
})

describe('copying one file', () => {
  test('puts it into the directory under its name or another', async () => {
    const { source, dest, to } = await sides({ 'src/a.txt': 'hello' })
    const run = recordRun()
    await copyFile(run.ctx, { ...source, file: 'a.txt' }, dest)
    await copyFile(run.ctx, { ...source, file: 'a.txt' }, { ...dest, file: 'b.txt' })
    expect(await treeOf(to, 'new')).toEqual({ 'new/a.txt': 'hello', 'new/b.txt': 'hello' })
    expect(run.lines()).toEqual(['INFO a.txt: Copied (new)', 'INFO a.txt: Copied (new) to: b.txt'])
    expect(run.of('listed')).toEqual([])
  })

  test('does nothing, and says nothing, where it is there already or is the same file', async () => {
    const { source, dest } = await sides({ 'src/a.txt': 'hello' })
    await copyFile(recordRun().ctx, { ...source, file: 'a.txt' }, dest)
    const run = recordRun()
    await copyFile(run.ctx, { ...source, file: 'a.txt' }, dest)
    await copyFile(run.ctx, { ...source, file: 'a.txt' }, source)
    expect(run.lines()).toEqual([])
  })

  test('under another name, --fix-case and backups keep to that name', async () => {
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    const { source } = await sides({ 'src/a.txt': 'hello' })
    const dest = { remote: to, path: 'new', file: 'B.txt' }
    for (const o of [{ fixCase: true }, { backupDir: { remote: to, path: 'old' } }]) {
      await plant(to, { 'new/b.txt': 'other content' }, time)
      await copyFile(recordRun().ctx, { ...source, file: 'a.txt' }, dest, o)
      expect(await treeOf(to, 'new')).toEqual({ 'new/B.txt': 'hello' })
      await to.remove('new/B.txt')
    }
  })

  test('what --fix-case renames is put away under its new name', async () => {
    const { from, to } = {
      ...(await sides({ 'src/B.txt': 'hello' })),
      to: createMemoryRemote({ caseInsensitive: true }),
    }
    await plant(to, { 'new/b.txt': 'other content' }, time)
    const o = { fixCase: true, backupDir: { remote: to, path: 'old' } }
    await copyDir(recordRun().ctx, { remote: from, path: 'src' }, { remote: to, path: 'new' }, o)
    expect(await treeOf(to, 'old')).toEqual({ 'old/B.txt': 'other content' })
  })

  test('refuses a file that is missing, and a directory of that name', async () => {
    const { source, dest } = await sides({ 'src/a.txt': 'hello' }, { 'new/a.txt/': '' })
    const run = recordRun()
    await expect(copyFile(run.ctx, { ...source, file: 'no' }, dest)).rejects.toMatchObject({ code: 'not-found' })
    await expect(copyFile(run.ctx, { ...source, file: 'a.txt' }, dest)).rejects.toMatchObject({
      code: 'is-dir',
      message: 'is a directory not a file',
    })
  })

  test('puts the old one below the directory, or beside it with a suffix, and never onto the source', async () => {
    const { source, dest, to } = await sides({ 'src/a.txt': 'newer' }, { 'new/a.txt': 'old' })
    const [one, below] = [
      { ...source, file: 'a.txt' },
      { ...dest, path: 'new/old' },
    ]
    const refused = { code: 'fatal', message: "destination and parameter to --backup-dir mustn't be the same" }
    await expect(copyFile(recordRun().ctx, one, dest, { backupDir: dest })).rejects.toMatchObject(refused)
    await copyFile(recordRun().ctx, one, dest, { backupDir: below })
    await copyFile(recordRun().ctx, one, dest, { backupDir: dest, suffix: '.bak', ignoreTimes: true })
    expect(await treeOf(to, 'new')).toEqual({
      'new/a.txt': 'newer',
      'new/a.txt.bak': 'newer',
      'new/old/': '',
      'new/old/a.txt': 'old',
    })
  })
})

describe('ending a run in the middle', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`src/d${i % 10}/f${i}`, `content ${i}`]))

  /** A remote that aborts the controller while its twentieth file is written. */
  const slow = (to: Remote) => {
    const controller = new AbortController()
    const reason = new Error('interrupted')
    const count = { writes: 0 }
    const remote = altered(to, {
      async write(path, content, o) {
        if (++count.writes === 20) controller.abort(reason)
        return await to.write(path, content, o)
      },
    })
    return { remote, signal: controller.signal, reason, count }
  }

  test('an abort rejects with its reason, logs nothing and leaves no half file', async () => {
    const { source, dest, to } = await sides(many)
    const { remote, signal, reason } = slow(to)
    const run = recordRun({ signal })
    await expect(copyDir(run.ctx, source, { ...dest, remote })).rejects.toBe(reason)
    expect(run.lines().filter((line) => line.startsWith('ERROR'))).toEqual([])
    expect(run.of('error')).toEqual([])
    expect(Object.keys(await treeOf(to, 'new')).length).toBeLessThan(300)
  })

  test('a stop lets what runs finish and starts nothing new', async () => {
    const { source, dest, to } = await sides(many)
    const { remote, signal, reason, count } = slow(to)
    const run = recordRun({ stop: signal })
    await expect(copyDir(run.ctx, source, { ...dest, remote })).rejects.toBe(reason)
    expect(count.writes).toBeLessThan(25)
    expect(run.of('transfer-done').filter(({ failed }) => !failed)).toHaveLength(count.writes)
  })
})
