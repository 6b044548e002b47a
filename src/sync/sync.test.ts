import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir } from './copy.ts'
import { moveFile } from './move.ts'
import type { SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

const time = parseRfc3339('2021-04-05T06:07:08Z') ?? 0n
const modes = ['before', 'during', 'after'] as const
const sourceTree = { 'src/kept': 'k', 'src/sub/new': 'n', 'src/sub/kept': 'k' }
const destTree = {
  'dst/kept': 'k',
  'dst/sub/kept': 'k',
  'dst/extra': 'e',
  'dst/gone/deep/old': 'o',
  'dst/sub/extra': 'e',
}
const left = Object.keys(destTree)

async function sides(source: Record<string, string> = sourceTree, dest: Record<string, string> = destTree) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, source, time)
  await plant(to, dest, time)
  return { from, to }
}

async function sync(from: Remote, to: Remote, o: SyncOptions = {}) {
  const run = recordRun()
  const outcome = await syncDir(run.ctx, { remote: from, path: 'src' }, { remote: to, path: 'dst' }, o).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { ...run, error: outcome }
}

const filesOf = async (remote: Remote): Promise<readonly string[]> =>
  Object.keys(await treeOf(remote))
    .filter((path) => !path.endsWith('/'))
    .toSorted()

/** A listing of `dir` that fails after its first page. */
function failingList(remote: Remote, dir: string): Remote {
  return {
    ...remote,
    async *list(path, o) {
      for await (const page of remote.list(path, o)) yield path === dir ? page.slice(0, 1) : page
      if (path === dir) throw new StorageError('network', 'the connection broke', { retry: 'given-up' })
    },
  }
}

/** A listing of `dir` that cannot look at one entry. */
function blindList(remote: Remote, dir: string): Remote {
  return {
    ...remote,
    async *list(path, o) {
      if (path === dir)
        o?.onError?.(new StorageError('permission', 'may not be looked at', { details: { path: `${dir}/x` } }))
      yield* remote.list(path, o)
    },
  }
}

describe.each(modes)('sync that deletes %s', (deleteMode) => {
  test('makes the destination what the source is, directories too', async () => {
    const { from, to } = await sides()
    const { error, lines } = await sync(from, to, { deleteMode })
    expect(error).toBeUndefined()
    expect(await treeOf(to, 'dst')).toEqual({
      'dst/kept': 'k',
      'dst/sub/': '',
      'dst/sub/kept': 'k',
      'dst/sub/new': 'n',
    })
    expect(lines()).toEqual(expect.arrayContaining(['INFO extra: Deleted', 'INFO gone/deep: Removing directory']))
  })

  test.each([
    ['src', left],
    ['src/sub', [...left, 'dst/z/other']],
  ])(
    'deletes nothing when the listing of the source’s %s fails after half, and does the rest',
    async (dir, expected) => {
      const { from, to } = await sides({ ...sourceTree, 'src/z/other': 'o' })
      const { error } = await sync(failingList(from, dir), to, { deleteMode })
      expect(error).toBeInstanceOf(StorageError)
      expect(await filesOf(to)).toEqual(expected.toSorted())
      expect(await to.stat('dst/gone/deep')).toBeDefined()
    },
  )

  test.each(['dst', 'dst/sub', 'dst/gone'])(
    'deletes nothing when the listing of the destination’s %s fails',
    async (dir) => {
      const { from, to } = await sides()
      const { error } = await sync(from, failingList(to, dir), { deleteMode })
      expect(error).toBeInstanceOf(StorageError)
      expect(await filesOf(to)).toEqual(expect.arrayContaining(left))
    },
  )

  test('deletes nothing when one entry of the source could not be looked at', async () => {
    const { from, to } = await sides()
    const { error, lines } = await sync(blindList(from, 'src/sub'), to, { deleteMode })
    expect(error).toMatchObject({ message: 'not deleting files as there were IO errors' })
    expect(await filesOf(to)).toEqual(expect.arrayContaining(left))
    expect(lines()).toContain(
      'ERROR memory at dst: not deleting directories as there were IO errors'.replace(
        'memory at dst',
        to.facts('dst').description,
      ),
    )
  })

  test('deletes all the same where errors are to be ignored', async () => {
    const { from, to } = await sides()
    await sync(blindList(from, 'src/sub'), to, { deleteMode, ignoreErrors: true })
    expect(await filesOf(to)).toEqual(['dst/kept', 'dst/sub/kept', 'dst/sub/new'])
  })

  test('a source that is missing deletes nothing', async () => {
    const { from, to } = await sides({ 'elsewhere/a': 'a' })
    expect((await sync(from, to, { deleteMode })).error).toMatchObject({ code: 'dir-not-found' })
    expect(await filesOf(to)).toEqual(left.toSorted())
  })

  test('a dry run changes nothing and names everything', async () => {
    const { from, to } = await sides()
    const before = await treeOf(to)
    const steps: string[] = []
    await sync(from, to, {
      deleteMode,
      gate({ action, object }) {
        steps.push(`${action} ${object}`)
        return 'skip'
      },
    })
    expect(await treeOf(to)).toEqual(before)
    expect(steps).toEqual(
      expect.arrayContaining(['copy sub/new', 'delete extra', 'delete gone/deep/old', 'remove directory gone/deep']),
    )
  })
})

describe('sync', () => {
  test('deletes nothing after a transfer has failed', async () => {
    const { from, to } = await sides()
    const full: Remote = { ...to, write: () => Promise.reject(new StorageError('quota', 'no space left')) }
    expect((await sync(from, full)).error).toMatchObject({ message: 'no space left' })
    expect(await filesOf(to)).toEqual(left.toSorted())
  })

  test('deletes while slow transfers go on, when both sides are listed', async () => {
    const { from, to } = await sides()
    let release: () => void = () => undefined
    const deleted = new Promise<void>((resolve) => (release = resolve))
    const slow: Remote = {
      ...to,
      async write(...args) {
        await deleted
        return await to.write(...args)
      },
      async remove(path, o) {
        await to.remove(path, o)
        if (path === 'dst/extra') release()
      },
    }
    expect((await sync(from, slow, { deleteMode: 'during' })).error).toBeUndefined()
  })

  test('two names of the source that are one in the destination: the first goes, the other is an error, neither is deleted', async () => {
    const from = createMemoryRemote({ name: 'from' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(from, { 'src/A': 'big', 'src/a': 'small', 'src/b': 'b' }, time)
    await plant(to, { 'dst/a': 'old', 'dst/extra': 'e' }, time)
    const { error, lines } = await sync(from, to)
    expect(error).toMatchObject({ code: 'exists', retry: 'never' })
    expect(await filesOf(to)).toEqual(['dst/a', 'dst/b'])
    expect(lines().filter((line) => line.startsWith('ERROR'))).toHaveLength(1)
  })

  test('passes over the second of two such names in silence where that is asked for', async () => {
    const from = createMemoryRemote({ name: 'from' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(from, { 'src/A': 'big', 'src/a': 'small' }, time)
    const { error, lines } = await sync(from, to, { nameCollisions: 'skip' })
    expect(error).toBeUndefined()
    expect(lines()).toContain('NOTICE a: Duplicate object found in source - ignoring')
  })

  test('stops at the deletion that is one too many', async () => {
    const { from, to } = await sides()
    const { error, lines } = await sync(from, to, { maxDelete: 1 })
    expect(error).toMatchObject({ code: 'delete-limit', message: 'failed to delete 1 files' })
    expect(left.length - (await filesOf(to)).filter((path) => left.includes(path)).length).toBe(1)
    expect(lines()).toContain('ERROR Cancelling sync due to fatal error: failed to delete 1 files')
  })

  test('deletes nothing at all where too great a part of the destination would go', async () => {
    const { from, to } = await sides()
    expect((await sync(from, to, { maxDeletePercent: 50 })).error).toMatchObject({ code: 'delete-limit' })
    expect(await filesOf(to)).toEqual(expect.arrayContaining(left))
    expect((await sync(from, to, { maxDeletePercent: 60 })).error).toBeUndefined()
  })

  test('deletes nothing where the source is refused, though its files are copied', async () => {
    const { from, to } = await sides()
    const refused = new StorageError('fatal', 'the source has shrunk')
    const found: unknown[] = []
    const checkSource = (source: { readonly files: number; readonly bytes: number }): Promise<void> => {
      found.push({ ...source })
      return Promise.reject(refused)
    }
    expect((await sync(from, to, { checkSource })).error).toBe(refused)
    expect(found).toEqual([{ files: 3, bytes: 3 }])
    expect(await filesOf(to)).toEqual(expect.arrayContaining([...left, 'dst/sub/new']))
  })

  test('puts away what it would overwrite or delete', async () => {
    const { from, to } = await sides({ 'src/a': 'newer' }, { 'dst/a': 'was', 'dst/gone/x': 'x' })
    const { error } = await sync(from, to, { backupDir: { remote: to, path: 'old/1' }, suffix: '.bak' })
    expect(error).toBeUndefined()
    expect(await treeOf(to)).toMatchObject({ 'dst/a': 'newer', 'old/1/a.bak': 'was', 'old/1/gone/x.bak': 'x' })
  })

  test('refuses a backup directory inside the destination, and places that overlap', async () => {
    const { from, to } = await sides()
    const inside = { remote: to, path: 'dst/old' }
    expect((await sync(from, to, { backupDir: inside })).error).toMatchObject({ code: 'fatal' })
    const elsewhere = { remote: from, path: 'old' }
    expect((await sync(from, to, { backupDir: elsewhere })).error).toMatchObject({ code: 'fatal' })
    const run = recordRun()
    await expect(
      syncDir(run.ctx, { remote: from, path: 'src' }, { remote: from, path: 'src/sub' }),
    ).rejects.toMatchObject({
      code: 'fatal',
      message: expect.stringContaining('overlapping'),
    })
  })

  test('deletes nothing of a directory of which the source has two', async () => {
    const { from } = await sides({ 'src/Dir/a': 'a', 'src/dir/b': 'b', 'src/File': 'f', 'src/file': 'f' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(to, { 'dst/Dir/a': 'a', 'dst/Dir/b': 'b' }, time)
    expect((await sync(from, to)).error).toBeDefined()
    expect(await filesOf(to)).toEqual(['dst/Dir/a', 'dst/Dir/b', 'dst/File'])
  })

  test('knows two names of one account for one place', async () => {
    const { from } = await sides()
    const again: Remote = { ...from, name: 'other' }
    const run = recordRun()
    await expect(
      syncDir(run.ctx, { remote: from, path: 'src' }, { remote: again, path: 'src/sub' }),
    ).rejects.toMatchObject({ code: 'fatal' })
    expect(await filesOf(from)).toHaveLength(3)
  })

  test('renames in the destination what was renamed in the source', async () => {
    const { from, to } = await sides({ 'src/sub/renamed': 'content', 'src/b': 'b' }, { 'dst/was': 'content' })
    const { error, lines, of } = await sync(from, to, { trackRenames: true })
    expect(error).toBeUndefined()
    expect(await filesOf(to)).toEqual(['dst/b', 'dst/sub/renamed'])
    expect(lines()).toContain('INFO sub/renamed: Renamed from "was"')
    expect(of('renamed')).toHaveLength(1)
    expect(of('deleted')).toHaveLength(0)
  })

  test('renames nothing after an error', async () => {
    const { from, to } = await sides({ 'src/new': 'content' }, { 'dst/was': 'content' })
    const { error } = await sync(blindList(from, 'src'), to, { trackRenames: true })
    expect(error).toBeInstanceOf(StorageError)
    expect(await filesOf(to)).toEqual(['dst/new', 'dst/was'])
  })

  test('refuses to take any file of one size for a renamed one', async () => {
    const { from, to } = await sides({ 'src/new': 'aaa' }, { 'dst/was': 'bbb' })
    for (const trackRenamesStrategy of ['', 'leaf,', ',hash']) {
      const { error } = await sync(from, to, { trackRenames: true, trackRenamesStrategy })
      expect(error).toMatchObject({ code: 'invalid-argument' })
    }
    expect(await treeOf(to)).toMatchObject({ 'dst/was': 'bbb' })
  })

  test('what is renamed or moved there gets the metadata that is set for all', async () => {
    const { from, to } = await sides({ 'src/new': 'content' }, { 'dst/was': 'content' })
    const o = { metadata: true, metadataSet: ['btime=2001-02-03T04:05:06Z'] }
    expect((await sync(from, to, { ...o, trackRenames: true })).error).toBeUndefined()
    const created = parseRfc3339('2001-02-03T04:05:06Z')
    expect(await to.stat('dst/new')).toMatchObject({ created, modified: time })
    const place = (path: string) => ({ remote: to, path })
    await moveFile(recordRun().ctx, { ...place('dst'), file: 'new' }, place('moved'), {
      ...o,
      metadataSet: ['btime=no'],
    })
    expect(await to.stat('moved/new')).toMatchObject({ created, modified: time })
    await copyDir(recordRun().ctx, place('moved'), place('copied'), {
      ...o,
      metadataSet: ['mtime=2001-02-03T04:05:06Z'],
    })
    expect(await to.stat('copied/new')).toMatchObject({ created, modified: created })
  })

  test('transfers what could not be renamed', async () => {
    const { from, to } = await sides({ 'src/new': 'content' }, { 'dst/was': 'content' })
    const stiff: Remote = { ...to, move: () => Promise.reject(new StorageError('unavailable', 'not now')) }
    expect((await sync(from, stiff, { trackRenames: true })).error).toBeUndefined()
    expect(await filesOf(to)).toEqual(['dst/new', 'dst/was'])
  })

  test('what takes the place of a file that was put away is spelled as in the source', async () => {
    const from = createMemoryRemote({ name: 'from' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(from, { 'src/Dir/File': 'new content' }, time)
    await plant(to, { 'dst/dir/file': 'old' }, time)
    await sync(from, to, { backupDir: { remote: to, path: 'backup' } })
    expect(await treeOf(to, 'dst')).toEqual({ 'dst/dir/': '', 'dst/dir/File': 'new content' })
  })

  test.each([
    [{}, 'new content'],
    [{ ignoreExisting: true }, 'old'],
  ])('gives files and directories the case of the source where that is asked for: %o', async (o, content) => {
    const from = createMemoryRemote({ name: 'from' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(from, { 'src/Dir/File': 'same', 'src/Dir/Other': 'new content' }, time)
    await plant(to, { 'dst/dir/file': 'same', 'dst/dir/other': 'old' }, time)
    const { error } = await sync(from, to, { ...o, fixCase: true })
    expect(error).toBeUndefined()
    expect(await treeOf(to, 'dst')).toEqual({ 'dst/Dir/': '', 'dst/Dir/File': 'same', 'dst/Dir/Other': content })
  })
})

test('what only the destination has, and that has changed since it was listed, stays until the next run', async () => {
  const { from, to } = await sides({ 'src/kept': 'k' }, { 'dst/kept': 'k', 'dst/extra': 'old' })
  const gate = async (): Promise<'do'> => (await plant(to, { 'dst/extra': 'somebody writes it' }), 'do')
  expect((await sync(from, to, { gate })).error).toBeDefined()
  expect(await treeOf(to, 'dst')).toEqual({ 'dst/kept': 'k', 'dst/extra': 'somebody writes it' })
  expect((await sync(from, to)).error).toBeUndefined()
  expect(await treeOf(to, 'dst')).toEqual({ 'dst/kept': 'k' })
})

test.each([{}, { suffix: '.bak' }])(
  'what only the destination has, and that is gone already, is fine with %o',
  async (o) => {
    const { from, to } = await sides(
      { 'src/kept': 'k', 'src/new': 'n' },
      { 'dst/kept': 'k', 'dst/extra': 'e', 'dst/new': 'older' },
    )
    const goes = ['dst/extra', 'dst/new']
    const gate = async (): Promise<'do'> => {
      for (const path of goes.splice(0)) await to.remove(path)
      return 'do'
    }
    expect((await sync(from, to, { ...o, gate })).error).toBeUndefined()
    expect(await treeOf(to, 'dst')).toEqual({ 'dst/kept': 'k', 'dst/new': 'n' })
  },
)

test.each([undefined, 'before', 'during', 'after'] as const)(
  'with a destination that is not to be looked at nothing is done, deleting %s',
  async (deleteMode) => {
    const { from, to } = await sides()
    const { error } = await sync(from, to, { deleteMode, noCheckDest: true, ignoreErrors: true })
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(await filesOf(to)).toEqual(left.toSorted())
  },
)
