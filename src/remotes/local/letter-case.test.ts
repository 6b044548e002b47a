import { execFileSync } from 'node:child_process'
import type * as Fs from 'node:fs'
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLocalRemote, pathFromSystem } from './index.ts'

let dir = ''
/** Whether look-ups find a name in any case, as on a disk that ignores it. */
let ignoring = false

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  const stored = (path: string): string => {
    if (!ignoring || !path.startsWith(`${dir}/`)) return path
    const above = stored(dirname(path))
    const names = fs.existsSync(above) ? fs.readdirSync(above) : []
    const name = names.find((each) => each.toLowerCase() === basename(path).toLowerCase())
    return join(above, name ?? basename(path))
  }
  const lstatSync = ((path: string, options: Fs.StatSyncOptions) =>
    fs.lstatSync(stored(path), options)) as typeof Fs.lstatSync
  return { ...fs, lstatSync }
})

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-0-'))
})
afterEach(() => {
  ignoring = false
  rmSync(dir, { recursive: true, force: true })
})

const folds = (path: string, options = {}): boolean =>
  createLocalRemote(options).facts(pathFromSystem(path)).caseInsensitive

describe.each([true, false])('a disk that ignores case: %s', (ignores) => {
  beforeEach(() => {
    ignoring = ignores
    mkdirSync(join(dir, 'In/0'), { recursive: true })
  })

  test('is known by a name in the directory', () => {
    for (const name of ['1', '2', 'Name']) writeFileSync(join(dir, name), '')
    expect(folds(dir)).toBe(ignores)
  })

  test('is known by the name of one above, where the directory is empty or is yet to be made', () => {
    expect(folds(join(dir, 'In/0'))).toBe(ignores)
    expect(folds(join(dir, 'In/0/new/newer'))).toBe(ignores)
  })

  test('is what options say', () => {
    expect(folds(dir, { caseInsensitive: true })).toBe(true)
    expect(folds(dir, { caseSensitive: true })).toBe(false)
  })
})

test('two hard links do not look like one name', () => {
  writeFileSync(join(dir, 'a'), '')
  linkSync(join(dir, 'a'), join(dir, 'A'))
  expect(folds(dir)).toBe(false)
})

/** A real disk that ignores case, mounted at `at`; undefined where this machine has none. */
function mounted(at: string): (() => void) | undefined {
  const image = `${at}.image`
  const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, { stdio: 'ignore' })
  const makers = [
    ['mkfs.vfat', image],
    ['mkfs.exfat', image],
  ] as const
  for (const [program, ...args] of makers) {
    try {
      writeFileSync(image, '')
      truncateSync(image, 8 * 1024 * 1024)
      run(program, ...args)
      run('mount', '-o', 'loop', image, at)
      return () => run('umount', at)
    } catch {
      // No such program, no such file system, or no right to mount it
    }
  }
  return undefined
}

test('a real FAT or exFAT disk is known, empty or not', ({ skip }) => {
  const unmount = mounted(dir)
  try {
    skip(unmount === undefined, 'no FAT disk can be mounted here')
    expect(folds(dir)).toBe(true)
    writeFileSync(join(dir, 'File'), '')
    expect(folds(dir)).toBe(true)
    expect(readdirSync(dir)).toEqual(['File'])
  } finally {
    unmount?.()
    rmSync(`${dir}.image`, { force: true })
  }
})
