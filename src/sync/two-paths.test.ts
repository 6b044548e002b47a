import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordRun, without } from '../../test/support/recorded-run.ts'
import type { Remote } from '../core/remote.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { copyDir } from './copy.ts'
import { moveDir, moveFile } from './move.ts'
import type { MoveOptions } from './options.ts'
import { isOneFile } from './overlap.ts'

// More than is read in one go
const content = randomBytes(3 * 1024 * 1024)

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-paths-'))
  for (const sub of ['src/sub', 'dst']) mkdirSync(join(dir, sub), { recursive: true })
  writeFileSync(join(dir, 'src/sub/file'), content)
  utimesSync(join(dir, 'src/sub/file'), 1000, 1000)
})
afterEach(() => rmSync(dir, { recursive: true }))

const place = (remote: Remote, path: string) => ({ remote, path: join(dir, path).slice(1) })
const kept = (path: string): boolean => readFileSync(join(dir, path)).equals(content)

async function run(work: typeof copyDir, remote: Remote, o: MoveOptions = {}): Promise<readonly string[]> {
  const { ctx, lines } = recordRun()
  await work(ctx, place(remote, 'src'), place(remote, 'dst'), o).catch(() => undefined)
  return lines()
}

describe('a file that two paths lead to is not lost when it is moved', () => {
  test('onto itself through a link to its directory', async () => {
    symlinkSync('src/sub', join(dir, 'link'))
    const remote = createLocalRemote()
    const { ctx } = recordRun()
    await moveFile(ctx, { ...place(remote, 'link'), file: 'file' }, { ...place(remote, 'src/sub'), file: 'file' })
    expect(kept('src/sub/file')).toBe(true)
  })

  test.for([{}, { copyLinks: true }])('into a link to its directory: %o', async (settings) => {
    symlinkSync('../src/sub', join(dir, 'dst/sub'))
    await run(moveDir, createLocalRemote(settings), { ignoreTimes: true })
    expect(kept('src/sub/file')).toBe(true)
  })

  test('to a second mount of its directory', async () => {
    const disk = createLocalRemote()
    const [from, to] = [join(dir, 'src').slice(1), join(dir, 'mount').slice(1)]
    const real = (path: string): string => path.replace(to, from)
    const mount: Remote = {
      ...without(disk, 'move', 'moveDir'),
      list: async function* list(path, o) {
        for await (const page of disk.list(real(path), o))
          yield page.map((entry) => ({ ...entry, path: entry.path.replace(from, to) }))
      },
      write: (path, source, o) => disk.write(real(path), source, o),
    }
    const { ctx, lines } = recordRun()
    const places = [place(disk, 'src'), { remote: mount, path: to }] as const
    await moveDir(ctx, ...places, { ignoreTimes: true }).catch(() => undefined)
    expect(kept('src/sub/file')).toBe(true)
    expect(lines().join('\n')).toContain('source and destination are one file')
  })
})

describe('a file that is written in place does not empty its own source', () => {
  test('through a link to it', async () => {
    mkdirSync(join(dir, 'dst/sub'))
    symlinkSync('../../src/sub/file', join(dir, 'dst/sub/file'))
    await run(copyDir, createLocalRemote(), { inplace: true })
    expect([kept('src/sub/file'), kept('dst/sub/file')]).toEqual([true, true])
  })

  test('through another hard link', async () => {
    mkdirSync(join(dir, 'dst/sub'))
    linkSync(join(dir, 'src/sub/file'), join(dir, 'dst/sub/file'))
    await run(copyDir, createLocalRemote(), { inplace: true, ignoreTimes: true })
    expect([kept('src/sub/file'), kept('dst/sub/file')]).toEqual([true, true])
  })

  test('through a link to its directory', async () => {
    symlinkSync('../src/sub', join(dir, 'dst/sub'))
    await run(copyDir, createLocalRemote(), { inplace: true })
    expect(kept('src/sub/file')).toBe(true)
  })
})

test('what is written in place changes no file that only a link leads to', async () => {
  writeFileSync(join(dir, 'elsewhere'), 'precious')
  mkdirSync(join(dir, 'dst/sub'))
  symlinkSync('../../elsewhere', join(dir, 'dst/sub/file'))
  await run(copyDir, createLocalRemote(), { inplace: true })
  expect(readFileSync(join(dir, 'elsewhere'), 'utf8')).toBe('precious')
  expect(kept('dst/sub/file')).toBe(true)
})

test('two disks that number their files alike have two files', async () => {
  const disk = createLocalRemote()
  const fileAt = async (path: string) => {
    const entry = await disk.stat(join(dir, path).slice(1))
    if (entry?.kind !== 'file') throw new Error('it is there')
    return { remote: disk, entry }
  }
  const one = await fileAt('src/sub/file')
  const path = join(dir, 'dst/file').slice(1)
  expect(isOneFile(one, { remote: disk, entry: { ...one.entry, path } })).toBe(true)
  expect(isOneFile(one, { remote: disk, entry: { ...one.entry, path, created: 5n } })).toBe(false)
})
