import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Remote } from '../core/remote.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir } from './copy.ts'
import { moveDir } from './move.ts'
import type { SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-links-'))
  for (const sub of ['dst', 'elsewhere']) mkdirSync(join(dir, sub))
  writeFileSync(join(dir, 'elsewhere/file'), 'precious')
  utimesSync(join(dir, 'elsewhere/file'), 2_000_000_000, 2_000_000_000)
})
afterEach(() => rmSync(dir, { recursive: true }))

async function run(work: typeof copyDir, tree: Record<string, string>, disk: Remote, o: SyncOptions = {}) {
  const source = createMemoryRemote()
  await plant(source, tree, 5_000_000_000n)
  const { ctx, lines } = recordRun()
  const error = await work(
    ctx,
    { remote: source, path: '' },
    { remote: disk, path: join(dir, 'dst').slice(1) },
    o,
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { source, error, lines }
}

const elsewhere = () =>
  readdirSync(join(dir, 'elsewhere')).map((name) => readFileSync(join(dir, 'elsewhere', name), 'utf8'))

describe('a disk that shows links as files', () => {
  test('nothing is written through a link that stands where the source has a directory', async () => {
    symlinkSync('../elsewhere', join(dir, 'dst/sub'))
    const links = createLocalRemote({ links: true })
    const tree = { 'sub/file': 'x', 'sub/deep/file': 'y' }
    const { lines } = await run(syncDir, tree, links, { createEmptySrcDirs: true })
    expect(lines().join('\n')).toContain('not deleting files as there were IO errors')
    expect(elsewhere()).toEqual(['precious'])
    expect((await run(syncDir, tree, links, { deleteMode: 'before' })).error).toBeUndefined()
    expect(readFileSync(join(dir, 'dst/sub/file'), 'utf8')).toBe('x')
    expect(elsewhere()).toEqual(['precious'])
  })

  test('a link and something else of its name are not written one over the other', async () => {
    const tree = {
      'a.rclonelink': '../elsewhere',
      'a/file': 'x',
      'b.rclonelink': 'nowhere',
      b: 'b',
      'c.rclonelink': 'b',
    }
    const links = createLocalRemote({ links: true })
    expect((await run(copyDir, tree, links)).error).toMatchObject({ code: 'exists' })
    expect(elsewhere()).toEqual(['precious'])
    expect(readFileSync(join(dir, 'dst/a/file'), 'utf8')).toBe('x')
    expect(readlinkSync(join(dir, 'dst/c'))).toBe('b')
    const { source } = await run(moveDir, tree, links)
    const { 'c.rclonelink': _, ...kept } = tree
    expect(await treeOf(source)).toMatchObject(kept)
  })

  test('a link takes the place of a file, and a file that of a link, at the first try', async () => {
    const links = createLocalRemote({ links: true })
    writeFileSync(join(dir, 'dst/a'), 'was a file')
    symlinkSync('x', join(dir, 'dst/b'))
    const { error } = await run(syncDir, { 'a.rclonelink': 'b', b: 'is a file' }, links)
    expect(error).toBeUndefined()
    expect([readlinkSync(join(dir, 'dst/a')), readFileSync(join(dir, 'dst/b'), 'utf8')]).toEqual(['b', 'is a file'])
  })
})

test.for([{ update: true }, { ignoreExisting: true }, { immutable: true }, { suffix: '.bak' }])(
  'a file that has the name of a link is not lost with %o',
  async (o) => {
    writeFileSync(join(dir, 'dst/a'), 'precious')
    const links = createLocalRemote({ links: true })
    const { error } = await run(syncDir, { 'a.rclonelink': 'b' }, links, o)
    expect(error).toMatchObject({ code: 'exists' })
    expect(readFileSync(join(dir, 'dst/a'), 'utf8')).toBe('precious')
    expect((await run(syncDir, { 'a.rclonelink': 'b' }, links, { ...o, deleteMode: 'before' })).error).toBeUndefined()
    expect(readlinkSync(join(dir, 'dst/a'))).toBe('b')
  },
)

test.for([{ update: true }, { ignoreExisting: true }, { immutable: true }, { suffix: '.bak' }])(
  'a file behind a link that was not followed is not overwritten with %o',
  async (o) => {
    symlinkSync('../elsewhere', join(dir, 'dst/sub'))
    const { error } = await run(copyDir, { 'sub/file': 'x', 'sub/new': 'new' }, createLocalRemote(), o)
    expect(error).toMatchObject({ code: 'exists' })
    expect(elsewhere()).toEqual(['precious', 'new'])
  },
)

test('a directory behind a link that is followed goes as a link, when it is empty', async () => {
  mkdirSync(join(dir, 'empty'))
  symlinkSync('../empty', join(dir, 'dst/gone'))
  const { error } = await run(syncDir, {}, createLocalRemote({ copyLinks: true }))
  expect(error).toBeUndefined()
  expect([readdirSync(join(dir, 'dst')), readdirSync(join(dir, 'empty'))]).toEqual([[], []])
})

test.for([
  [{ update: true }, 'edited'],
  [{ suffix: '.bak' }, 'new'],
  [{}, 'new'],
] as const)(
  'a file that somebody edits after it was listed is kept where that was promised: %o',
  async ([o, content]) => {
    const file = join(dir, 'dst/a')
    writeFileSync(file, 'old')
    utimesSync(file, 1, 1)
    const gate = (): 'do' => {
      writeFileSync(file, 'edited')
      return 'do'
    }
    await run(copyDir, { a: 'new' }, createLocalRemote(), { ...o, gate })
    expect(readFileSync(file, 'utf8')).toBe(content)
    expect(readdirSync(join(dir, 'dst'))).toEqual('suffix' in o ? ['a', 'a.bak'] : ['a'])
  },
)

test('a file that has come since it was listed is not replaced by one that is renamed, where that was promised', async () => {
  writeFileSync(join(dir, 'dst/old'), 'same content')
  const gate = (): 'do' => {
    writeFileSync(join(dir, 'dst/new'), 'of somebody')
    return 'do'
  }
  const { error } = await run(syncDir, { new: 'same content' }, createLocalRemote(), {
    trackRenames: true,
    update: true,
    gate,
  })
  expect(error).toMatchObject({ code: 'exists' })
  expect(readFileSync(join(dir, 'dst/new'), 'utf8')).toBe('of somebody')
})

test('what somebody writes after it was compared does not get the time of the source, and a move keeps that', async () => {
  const file = join(dir, 'dst/a')
  writeFileSync(file, 'same')
  utimesSync(file, 1, 1)
  const edits = ['edit']
  const gate = (): 'do' => {
    for (const content of edits.splice(0)) writeFileSync(file, content)
    return 'do'
  }
  const { error, source } = await run(moveDir, { a: 'same' }, createLocalRemote(), { gate })
  expect(error).toMatchObject({ code: 'changed' })
  expect(await treeOf(source)).toEqual({ a: 'same' })
  expect(statSync(file).mtimeMs).toBeGreaterThan(1_600_000_000_000)
})
