import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf, without } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { deleteFiles } from './delete.ts'
import { limitedGate } from './deletion-guard.ts'
import { dryRunGate, openGate } from './gate.ts'
import { mkdir } from './mkdir.ts'
import { purge } from './purge.ts'
import { rmdir } from './rmdir.ts'

const tree = { 'r/a': 'eight ch', 'r/sub/b': 'five', 'r/sub/deeper/c': 'x', 'r/empty/': '', kept: 'y' }

async function planted(): Promise<Remote> {
  const remote = createMemoryRemote()
  await plant(remote, tree)
  return remote
}

/** A remote that does not delete `path`. */
function keeping(remote: Remote, path: string): Remote {
  return {
    ...remote,
    remove: (asked, o) =>
      asked === path ? Promise.reject(new StorageError('permission', `remove ${path}: no`)) : remote.remove(asked, o),
  }
}

describe('delete', () => {
  test('deletes the files and leaves the directories', async () => {
    const remote = await planted()
    const run = recordRun()
    await deleteFiles(run.ctx, { remote, path: 'r' })
    expect(await treeOf(remote)).toEqual({ 'r/': '', 'r/sub/': '', 'r/sub/deeper/': '', 'r/empty/': '', kept: 'y' })
    expect(run.lines()).toEqual(['INFO a: Deleted', 'INFO sub/b: Deleted', 'INFO sub/deeper/c: Deleted'])
    expect(new Set(run.of('deleted').map(({ size }) => size))).toEqual(new Set([1, 4, 8]))
    expect(run.of('check-done')).toHaveLength(3)
  })

  test('deletes one file of a directory', async () => {
    const remote = await planted()
    await deleteFiles(recordRun().ctx, { remote, path: 'r/sub', file: 'b' })
    expect(await remote.stat('r/sub/b')).toBeUndefined()
    expect(await remote.stat('r/sub/deeper/c')).toBeDefined()
  })

  test('a dry run says what it would delete', async () => {
    const remote = await planted()
    const run = recordRun()
    await deleteFiles(run.ctx, { remote, path: 'r' }, { gate: dryRunGate(run.ctx.log) })
    expect(run.lines()).toEqual([
      'NOTICE a: Skipped delete as --dry-run is set (size 8)',
      'NOTICE sub/b: Skipped delete as --dry-run is set (size 4)',
      'NOTICE sub/deeper/c: Skipped delete as --dry-run is set (size 1)',
    ])
    expect(Object.keys(await treeOf(remote))).toHaveLength(8)
  })

  test('a file that cannot be deleted does not keep the others', async () => {
    const remote = await planted()
    const run = recordRun()
    await expect(deleteFiles(run.ctx, { remote: keeping(remote, 'r/sub/b'), path: 'r' })).rejects.toMatchObject({
      code: 'permission',
      message: 'failed to delete 1 files',
    })
    expect(run.lines()).toContain("ERROR sub/b: Couldn't delete: remove r/sub/b: no")
    expect(await remote.stat('r/a')).toBeUndefined()
    expect(await remote.stat('r/sub/deeper/c')).toBeUndefined()
  })

  test.each([
    [{ maxDelete: 1 }, '--max-delete', 1],
    [{ maxDelete: 0 }, '--max-delete', 0],
    [{ maxDeleteSize: 10 }, '--max-delete-size', 1],
  ])('no more is deleted than may be: %o', async (limits, flag, deleted) => {
    const remote = createMemoryRemote()
    await plant(remote, { 'r/a': '12345678', 'r/b': '12345678', 'r/c': '12345678' })
    const run = recordRun({ checkers: 1 })
    const gate = limitedGate(openGate, limits)
    const deleting = deleteFiles(run.ctx, { remote, path: 'r' }, { gate })
    await expect(deleting).rejects.toMatchObject({ code: 'delete-limit', message: 'failed to delete 1 files' })
    expect(Object.keys(await treeOf(remote, 'r'))).toHaveLength(3 - deleted)
    const last = `r/${['a', 'b'][deleted]}`.slice(2)
    expect(run.lines()).toContain(`ERROR ${last}: Got fatal error on delete: ${flag} threshold reached`)
  })

  test('a directory that cannot be listed keeps no file beside it', async () => {
    const remote = await planted()
    const refusing: Remote = {
      ...without(remote, 'listAll'),
      async *list(dir, o) {
        if (dir === 'r/sub') throw new StorageError('permission', 'no')
        yield* remote.list(dir, o)
      },
      async remove(path, o) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        await remote.remove(path, o)
      },
    }
    await plant(remote, { 'r/x': '', 'r/y': '' })
    const run = recordRun({ checkers: 1 })
    await expect(deleteFiles(run.ctx, { remote: refusing, path: 'r' })).rejects.toMatchObject({ code: 'permission' })
    expect(Object.keys(await treeOf(remote))).toEqual(expect.not.arrayContaining(['r/a', 'r/x', 'r/y']))
    expect(await remote.stat('r/y')).toBeUndefined()
    expect(await remote.stat('r/sub/b')).toBeDefined()
  })

  test('a missing directory is an error', async () => {
    const run = recordRun()
    await expect(deleteFiles(run.ctx, { remote: createMemoryRemote(), path: 'no' })).rejects.toMatchObject({
      code: 'dir-not-found',
    })
    expect(run.lines()).toEqual(['ERROR error listing: directory not found'])
  })

  test('quitting leaves the rest', async () => {
    const remote = await planted()
    let asked = 0
    const run = recordRun({ checkers: 1 })
    await deleteFiles(run.ctx, { remote, path: 'r' }, { gate: () => (asked++ === 0 ? 'do' : 'quit') })
    expect(run.of('deleted')).toHaveLength(1)
    expect(asked).toBe(2)
  })
})

describe('purge', () => {
  test('leaves alone what lies elsewhere, behind a link that is followed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'fjord-purge-'))
    for (const sub of ['r/sub', 'elsewhere/deep']) mkdirSync(join(dir, sub), { recursive: true })
    for (const file of ['r/sub/a', 'elsewhere/b', 'elsewhere/deep/c']) writeFileSync(join(dir, file), file)
    symlinkSync('../elsewhere', join(dir, 'r/link'))
    const run = recordRun()
    const remote = createLocalRemote({ copyLinks: true })
    const purging = purge(run.ctx, { remote, path: join(dir, 'r').slice(1) })
    await expect(purging).rejects.toMatchObject({ details: { hint: expect.stringContaining('Remove the link') } })
    expect(run.lines()).toContain('ERROR link: Left alone: it leads out of the directory')
    const left = readdirSync(join(dir, 'elsewhere'), { recursive: true, encoding: 'utf8' })
    expect(left.toSorted()).toEqual(['b', 'deep', 'deep/c'])
    expect(readdirSync(join(dir, 'r'))).toEqual(['link'])
    rmSync(dir, { recursive: true })
  })

  test('is one call where the remote has one', async () => {
    const remote = await planted()
    const run = recordRun()
    await purge(run.ctx, { remote: { ...remote, remove: () => expect.fail('one by one') }, path: 'r' })
    expect(await treeOf(remote)).toEqual({ kept: 'y' })
  })

  test('goes file by file and then by directories, deepest first, where it has none', async () => {
    const remote = await planted()
    const run = recordRun()
    await purge(run.ctx, { remote: without(remote, 'purge'), path: 'r' })
    expect(await treeOf(remote)).toEqual({ kept: 'y' })
    expect(run.lines()).toEqual([
      'INFO a: Deleted',
      'INFO empty: Removing directory',
      "INFO memory root 'r': Removing directory",
      'INFO sub/b: Deleted',
      'INFO sub/deeper/c: Deleted',
      'INFO sub/deeper: Removing directory',
      'INFO sub: Removing directory',
    ])
  })

  test('a dry run by hand reports the files, and no directory that would not be empty', async () => {
    const remote = await planted()
    await remote.rmdir('r/empty')
    const run = recordRun()
    await purge(run.ctx, { remote: without(remote, 'purge'), path: 'r' }, dryRunGate(run.ctx.log))
    expect(run.lines()).toEqual([
      'NOTICE a: Skipped delete as --dry-run is set (size 8)',
      'NOTICE sub/b: Skipped delete as --dry-run is set (size 4)',
      'NOTICE sub/deeper/c: Skipped delete as --dry-run is set (size 1)',
    ])
  })

  test('of something missing by hand counts as rclone does: three reported, one thrown', async () => {
    const run = recordRun()
    const remote = without(createMemoryRemote(), 'purge')
    await expect(purge(run.ctx, { remote, path: 'no' })).rejects.toMatchObject({
      message: expect.stringMatching(/^failed to remove directories: /),
    })
    expect(run.lines()).toEqual([
      'ERROR Failed to rmdir: rmdir no: directory not found',
      'ERROR error listing: directory not found',
      'ERROR memory root \'no\': Failed to list "": directory not found',
      "INFO memory root 'no': Removing directory",
    ])
    expect(run.of('error')).toHaveLength(3)
  })

  test('keeps the directories of what could not be deleted', async () => {
    const remote = await planted()
    const run = recordRun()
    const purging = purge(run.ctx, { remote: without(keeping(remote, 'r/sub/b'), 'purge'), path: 'r' })
    await expect(purging).rejects.toMatchObject({ code: 'permission' })
    expect(await treeOf(remote, 'r')).toEqual({ 'r/sub/': '', 'r/sub/b': 'five' })
    expect(run.of('error')).toHaveLength(1)
  })
})

describe('making and removing directories', () => {
  test('say what they do, also where nothing is left to do', async () => {
    const remote = createMemoryRemote()
    const run = recordRun()
    await mkdir(run.ctx, { remote, path: 'new/deep' })
    await mkdir(run.ctx, { remote, path: 'new/deep' })
    await rmdir(run.ctx, { remote, path: 'new/deep' })
    expect(await treeOf(remote)).toEqual({ 'new/': '' })
    expect(run.lines()).toEqual([
      "INFO memory root 'new/deep': Making directory",
      "INFO memory root 'new/deep': Making directory",
      "INFO memory root 'new/deep': Removing directory",
    ])
  })

  test('a dry run makes and removes nothing', async () => {
    const remote = await planted()
    const run = recordRun()
    const gate = dryRunGate(run.ctx.log)
    await mkdir(run.ctx, { remote, path: 'new' }, gate)
    await rmdir(run.ctx, { remote, path: 'r/empty' }, gate)
    expect(await remote.stat('new')).toBeUndefined()
    expect(await remote.stat('r/empty')).toBeDefined()
    expect(run.lines()).toEqual([
      "NOTICE memory root 'new': Skipped make directory as --dry-run is set",
      "NOTICE memory root 'r/empty': Skipped remove directory as --dry-run is set",
    ])
  })

  test('a directory with something in it is not removed', async () => {
    const remote = await planted()
    await expect(rmdir(recordRun().ctx, { remote, path: 'r' })).rejects.toMatchObject({ code: 'not-empty' })
  })
})
