import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf, without } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote, WriteOptions } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { moveDir, moveFile } from './move.ts'
import type { Decision } from '../operations/gate.ts'
import type { MoveOptions } from './options.ts'

const time = parseRfc3339('2021-04-05T06:07:08Z') ?? 0n

async function sides(source: Record<string, string>, dest: Record<string, string> = {}) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, source, time)
  await plant(to, dest, time)
  return { from, to }
}

async function move(from: Remote, to: Remote, o: MoveOptions = {}) {
  const run = recordRun()
  const error = await moveDir(run.ctx, { remote: from, path: 'src' }, { remote: to, path: 'dst' }, o).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { ...run, error }
}

describe('moving between two accounts', () => {
  test('a file leaves the source when the destination has it; directories stay', async () => {
    const { from, to } = await sides({ 'src/a': 'a', 'src/sub/b': 'b' })
    const { error, lines } = await move(from, to)
    expect(error).toBeUndefined()
    expect(await treeOf(from, 'src')).toEqual({ 'src/sub/': '' })
    expect(await treeOf(to, 'dst')).toEqual({ 'dst/a': 'a', 'dst/sub/': '', 'dst/sub/b': 'b' })
    expect(lines()).toEqual(expect.arrayContaining(['INFO a: Copied (new)', 'INFO a: Deleted']))
  })

  test('asks for a durable write before it deletes', async () => {
    const { from, to } = await sides({ 'src/a': 'a' })
    const order: string[] = []
    const watched: Remote = {
      ...to,
      async write(path, source, o: WriteOptions = {}) {
        const entry = await to.write(path, source, o)
        order.push(`written, durable ${String(o.durable)}`)
        return entry
      },
    }
    const source: Remote = { ...from, remove: (path, o) => (order.push('deleted'), from.remove(path, o)) }
    await move(source, watched)
    expect(order).toEqual(['written, durable true', 'deleted'])
  })

  test('keeps the source of what arrived damaged, and of what did not arrive', async () => {
    const { from, to } = await sides({ 'src/a': 'aaa', 'src/b': 'bbb' })
    const lossy: Remote = {
      ...to,
      write: (path, source, o) =>
        path === 'dst/a'
          ? to.write(path, sourceFromBytes(Buffer.from('xxx'), { modified: time }), o)
          : Promise.reject(new StorageError('network', 'cut off')),
    }
    expect((await move(from, lossy)).error).toBeInstanceOf(StorageError)
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'aaa', 'src/b': 'bbb' })
    expect(await to.stat('dst/a')).toBeUndefined()
  })

  test('takes nothing from the source whose name is that of another in the destination: the next run would replace it', async () => {
    const { from } = await sides({ 'src/A': 'upper', 'src/a': 'lower', 'src/b': 'b', 'src/D/x': 'x', 'src/d/x': 'y' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await move(from, to)
    const { error, lines } = await move(from, to)
    expect(error).toMatchObject({ code: 'exists' })
    expect(await treeOf(to, 'dst')).toMatchObject({ 'dst/A': 'upper', 'dst/D/x': 'x', 'dst/b': 'b' })
    expect(await treeOf(from, 'src')).toMatchObject({
      'src/A': 'upper',
      'src/a': 'lower',
      'src/D/x': 'x',
      'src/d/x': 'y',
    })
    expect(lines()).toContain('ERROR a: Left out: the source also has "A", which is the same name in the destination')
  })

  test('keeps a source that was written to while it was copied', async () => {
    const { from, to } = await sides({ 'src/a': 'old' })
    const racing: Remote = {
      ...to,
      async write(path, source, o) {
        const entry = await to.write(path, source, o)
        await plant(from, { 'src/a': 'newer than the copy' })
        return entry
      },
    }
    const { error, lines } = await move(from, racing)
    expect(error).toMatchObject({ code: 'changed' })
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'newer than the copy' })
    expect(lines()).toContain("ERROR a: Couldn't delete: the source has changed since it was copied")
  })

  test('keeps a source that was replaced by another of its size and time while it was copied', async () => {
    const { from, to } = await sides({ 'src/a': 'old' })
    const racing: Remote = {
      ...to,
      async write(path, source, o) {
        const entry = await to.write(path, source, o)
        await plant(from, { 'src/a': 'new' }, time)
        return entry
      },
    }
    expect((await move(from, racing)).error).toMatchObject({ code: 'changed' })
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'new' })
  })

  test.each([
    ['is gone', time, (to: Remote) => to.remove('dst/a')],
    ['is gone where its time was to be set', time + 60_000_000_000n, (to: Remote) => to.remove('dst/a')],
    ['is another', time, (to: Remote) => plant(to, { 'dst/a': 'other' }, time)],
  ])('keeps the source of what %s at the destination since it was listed', async (_, modified, meanwhile) => {
    const { from, to } = await sides({ 'src/a': 'a' })
    await plant(to, { 'dst/a': 'a' }, modified)
    const gate = async (): Promise<Decision> => (await meanwhile(to).catch(() => undefined), 'do')
    const { error } = await move(from, to, { gate })
    expect(error).toBeDefined()
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'a' })
    await move(from, to)
    expect([await treeOf(from, 'src'), await treeOf(to, 'dst')]).toEqual([{}, { 'dst/a': 'a' }])
  })

  test('of what has another time at the destination the time is set, and the source goes', async () => {
    const { from, to } = await sides({ 'src/a': 'a' })
    await plant(to, { 'dst/a': 'a' }, time + 60_000_000_000n)
    expect((await move(from, to)).error).toBeUndefined()
    expect([await treeOf(from, 'src'), (await to.stat('dst/a'))?.modified]).toEqual([{}, time])
  })

  test('what is the same on both sides is only deleted; what exists stays where it is to be left alone', async () => {
    const { from, to } = await sides({ 'src/same': 's', 'src/other': 'newer' }, { 'dst/same': 's', 'dst/other': 'old' })
    await move(from, to, { ignoreExisting: true })
    expect(await treeOf(from, 'src')).toEqual({ 'src/other': 'newer', 'src/same': 's' })
    const { lines } = await move(from, to)
    expect(await treeOf(from, 'src')).toEqual({})
    expect(await treeOf(to, 'dst')).toEqual({ 'dst/other': 'newer', 'dst/same': 's' })
    expect(lines()).toContain('INFO same: Deleted')
  })

  test('keeps the source of what is newer in the destination', async () => {
    const { from, to } = await sides({ 'src/a': 'older' })
    await plant(to, { 'dst/a': 'newer!' }, time + 60_000_000_000n)
    await move(from, to, { update: true })
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'older' })
  })

  test('gives what is there already the case of the source, where that is asked for', async () => {
    const { from } = await sides({ 'src/File': 'x' })
    const to = createMemoryRemote({ name: 'to', caseInsensitive: true })
    await plant(to, { 'dst/file': 'x' }, time)
    const { error } = await move(from, to, { fixCase: true })
    expect([error, await treeOf(from, 'src'), await treeOf(to, 'dst')]).toEqual([undefined, {}, { 'dst/File': 'x' }])
  })

  test('deletes no more sources than may be deleted, copied ones and those that were there', async () => {
    const { from, to } = await sides({ 'src/a': 'a', 'src/b': 'b', 'src/c': 'c' }, { 'dst/a': 'a' })
    const { error } = await move(from, to, { maxDelete: 1 })
    expect(error).toMatchObject({ code: 'delete-limit' })
    expect(Object.keys(await treeOf(from, 'src'))).toHaveLength(2)
  })

  test.for([{ maxDelete: 1 }, { maxDeleteSize: 4 }])(
    'replaces no more files on one remote than may be deleted: %o',
    async (limit) => {
      const { from } = await sides({ 'src/a': 'new a', 'src/b': 'new b', 'src/c': 'new c' })
      await plant(from, { 'dst/a': 'old', 'dst/b': 'old' }, time)
      expect((await move(from, from, limit)).error).toMatchObject({ code: 'delete-limit' })
      const replaced = Object.values(await treeOf(from, 'dst')).filter((content) => /new [ab]/.test(content))
      expect(replaced).toHaveLength(1)
      expect(Object.keys(await treeOf(from, 'src'))).toHaveLength(1)
      expect((await move(from, from, { ...limit, suffix: '.old' })).error).toBeUndefined()
    },
  )

  test('removes the directories that became empty where that is asked for', async () => {
    const { from, to } = await sides({ 'src/a/b/file': 'x', 'src/empty/': '' })
    await move(from, to, { deleteEmptySrcDirs: true })
    expect(await treeOf(from, 'src')).toEqual({})
  })

  test('removes no directory after an error', async () => {
    const { from, to } = await sides({ 'src/a/file': 'x', 'src/b/file': 'x', 'src/empty/': '' })
    const hint = 'Make room.'
    const noSpace = new StorageError('quota', 'no space left', { details: { hint } })
    const full: Remote = {
      ...to,
      write: (path, ...rest) => (path === 'dst/a/file' ? Promise.reject(noSpace) : to.write(path, ...rest)),
    }
    const { error, lines } = await move(from, full, { deleteEmptySrcDirs: true })
    expect(error).toMatchObject({ message: 'not deleting directories as there were IO errors', details: { hint } })
    expect(lines()).toContain("ERROR memory root 'src': not deleting directories as there were IO errors")
    expect(Object.keys(await treeOf(from, 'src'))).toEqual(['src/a/', 'src/a/file', 'src/b/', 'src/empty/'])
    await move(from, full, { deleteEmptySrcDirs: true, ignoreErrors: true })
    expect(Object.keys(await treeOf(from, 'src'))).toEqual(['src/a/', 'src/a/file'])
  })

  test('a dry run speaks of moves and changes nothing', async () => {
    const { from, to } = await sides({ 'src/a': 'a' })
    const steps: string[] = []
    const gate = ({ action, object }: { readonly action: string; readonly object: string }) => {
      steps.push(`${action} ${object}`)
      return 'skip' as const
    }
    await move(from, to, { gate })
    expect(steps).toEqual(['move a'])
    expect(await treeOf(from, 'src')).toEqual({ 'src/a': 'a' })
  })
})

describe('moving within one account', () => {
  const within = async (tree: Record<string, string>, o: MoveOptions = {}, drop: readonly (keyof Remote)[] = []) => {
    const remote = createMemoryRemote({ name: 'one' })
    await plant(remote, tree, time)
    const able = without(remote, ...drop)
    return { ...(await move(able, able, o)), remote }
  }

  test('takes a whole directory along in one step', async () => {
    const { lines, remote } = await within({ 'src/a': 'a', 'src/sub/b': 'b' })
    expect(await treeOf(remote)).toEqual({ 'dst/': '', 'dst/a': 'a', 'dst/sub/': '', 'dst/sub/b': 'b' })
    expect(lines()).toEqual([`INFO ${remote.facts('dst').description}: Server side directory move succeeded`])
  })

  test('moves file by file where the directory exists, or only a part is meant', async () => {
    const { lines, remote } = await within({ 'src/a': 'a', 'dst/there': 't' })
    expect(await treeOf(remote, 'dst')).toEqual({ 'dst/a': 'a', 'dst/there': 't' })
    expect(lines()).toContain('INFO a: Moved (server-side)')
    const shallow = await within({ 'src/a': 'a', 'src/sub/b': 'b' }, { maxDepth: 1 })
    expect(await treeOf(shallow.remote, 'src')).toEqual({ 'src/sub/': '', 'src/sub/b': 'b' })
  })

  test('of what is not there is an error of the system, where the disk is asked', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'fjord-move-'))
    const remote = createLocalRemote()
    const [from, to] = ['nosuch', 'new'].map((name) => ({ remote, path: join(dir, name).slice(1) }))
    if (!from || !to) throw new Error('there are two')
    const run = recordRun()
    const text = `rename /${from.path} /${to.path}: no such file or directory`
    await expect(moveDir(run.ctx, from, to)).rejects.toMatchObject({ message: text })
    expect(run.lines()).toEqual([`ERROR Local file system at /${to.path}: Server side directory move failed: ${text}`])
    rmSync(dir, { recursive: true })
  })

  test('copies on the server and deletes where it cannot move', async () => {
    const { lines, remote, of } = await within({ 'src/a': 'abc' }, {}, ['move', 'moveDir'])
    expect(await treeOf(remote)).toMatchObject({ 'dst/a': 'abc' })
    expect(await remote.stat('src/a')).toBeUndefined()
    expect(lines()).toEqual(expect.arrayContaining(['INFO a: Copied (server-side copy)', 'INFO a: Deleted']))
    expect(of('server-side-copy')).toMatchObject([{ size: 3 }])
  })

  test('a file gets a new name, also one that differs in case only', async () => {
    const remote = createMemoryRemote({ name: 'one', caseInsensitive: true })
    await plant(remote, { 'src/a': 'a' }, time)
    const place = { remote, path: 'src' }
    await moveFile(recordRun().ctx, { ...place, file: 'a' }, { ...place, file: 'b' })
    expect(await treeOf(remote, 'src')).toEqual({ 'src/b': 'a' })
    await moveFile(recordRun().ctx, { ...place, file: 'b' }, { ...place, file: 'B' })
    expect(await treeOf(remote, 'src')).toEqual({ 'src/B': 'a' })
    await moveFile(recordRun().ctx, { ...place, file: 'B' }, { ...place, file: 'B' })
    expect(await treeOf(remote, 'src')).toEqual({ 'src/B': 'a' })
  })
})

test.each([
  ['a.bak', '.bak', false],
  ['a-old.txt', '-old', true],
])('what is put away does not take the place of "%s", which the source has too', async (name, suffix, keep) => {
  const file = keep ? 'a.txt' : 'a'
  const { from, to } = await sides(
    { [`src/${file}`]: 'the new one', [`src/${name}`]: 'backup', 'src/b': 'the new one' },
    { [`dst/${file}`]: 'old', [`dst/${name}`]: 'backup', 'dst/b': 'old' },
  )
  const { error, lines } = await move(from, to, { suffix, suffixKeepExtension: keep })
  expect(error).toMatchObject({ code: 'exists', retry: 'never' })
  expect(lines().join('\n')).toContain(`would be kept as "${name}", which the source has too`)
  expect(await treeOf(from, 'src')).toEqual({ [`src/${file}`]: 'the new one' })
  expect(await treeOf(to, 'dst')).toEqual({
    [`dst/${file}`]: 'old',
    [`dst/${name}`]: 'backup',
    'dst/b': 'the new one',
    [`dst/b${suffix}`]: 'old',
  })
})
