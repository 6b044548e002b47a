import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../test/support/as-nobody.ts'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import type { Location } from '../core/remote.ts'
import { createCarrier } from '../operations/carry-metadata.ts'
import { dryRunGate } from '../operations/gate.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir } from './copy.ts'
import { createDirMetadata } from './dir-metadata.ts'
import { moveDir } from './move.ts'
import type { MoveOptions } from './options.ts'

const [then, later] = [1_000_000_000, 1_500_000_000]
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-dirs-'))
  if (process.geteuid?.() === 0) chownSync(dir, 65_534, 65_534)
})
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+rwx', dir]) // who is not root may not remove what is in the closed ones
  rmSync(dir, { recursive: true })
})

const remote = createLocalRemote()
const place = (name: string): Location => ({ remote, path: join(dir, name).slice(1) })
const mode = (name: string): string => (statSync(join(dir, name)).mode & 0o777).toString(8)
const time = (name: string): number => statSync(join(dir, name)).mtimeMs / 1000

/** Directories with files in them, and then their mode and time, from the deepest up. */
function lay(
  root: string,
  dirs: Readonly<Record<string, readonly [mode: number, seconds: number, ...files: string[]]>>,
) {
  for (const [name, [, , ...files]] of Object.entries(dirs)) {
    mkdirSync(join(dir, root, name), { recursive: true })
    for (const file of files) {
      writeFileSync(join(dir, root, name, file), file)
      utimesSync(join(dir, root, name, file), then, then)
    }
  }
  for (const [name, [bits, seconds]] of Object.entries(dirs).toReversed()) {
    utimesSync(join(dir, root, name), seconds, seconds)
    chmodSync(join(dir, root, name), bits)
  }
}

/** What a run says, with the errors that it ends with. */
async function run(o: MoveOptions = {}): Promise<readonly string[]> {
  const recorded = recordRun()
  await copyDir(recorded.ctx, place('src'), place('new'), { metadata: true, ...o })
  return recorded.lines()
}

describe('directories that their owner may not write into', () => {
  test('get that mode when what is in them is in place', async () => {
    await asNobody(async () => {
      lay('src', { '': [0o755, then], d: [0o555, then, 'f'], 'd/e': [0o500, then, 'g'], x: [0o711, then] })
      await run({ createEmptySrcDirs: true })
    })
    expect(['d', 'd/e', 'x'].map((name) => [mode(`new/${name}`), time(`new/${name}`)])).toEqual([
      ['555', then],
      ['500', then],
      ['711', then],
    ])
    expect(readdirSync(join(dir, 'new/d'))).toEqual(['e', 'f'])
  })

  test('are opened for what is new in them, and closed again', async () => {
    await asNobody(async () => {
      lay('src', { '': [0o755, then], d: [0o555, then, 'f', 'g'] })
      lay('new', { '': [0o755, then], d: [0o555, later, 'f'] })
      expect(await run()).toEqual([
        'INFO d/g: Copied (new)',
        'INFO d: Set directory modification time (using SetModTime)',
        'INFO d: Updated directory metadata',
      ])
    })
    expect([mode('new/d'), time('new/d'), readdirSync(join(dir, 'new/d'))]).toEqual(['555', then, ['f', 'g']])
  })

  test('are closed also where nothing is new in them', async () => {
    await asNobody(async () => {
      lay('src', { '': [0o755, then], d: [0o500, then, 'f'] })
      lay('new', { '': [0o755, then], d: [0o755, later, 'f'] })
      await run()
    })
    expect([mode('new/d'), time('new/d')]).toEqual(['500', then])
  })

  test('are closed when the run is stopped', async () => {
    await asNobody(async () => {
      lay('src', { '': [0o755, then], d: [0o555, then, 'f', 'g'] })
      lay('new', { '': [0o755, then], d: [0o555, later, 'f'] })
      const abort = new AbortController()
      const recorded = recordRun({ signal: abort.signal })
      const modes: string[] = []
      const gate: MoveOptions['gate'] = ({ action }) => {
        if (action !== 'copy') return 'do'
        modes.push(mode('new/d'))
        abort.abort(new Error('stop'))
        return 'do'
      }
      const copying = copyDir(recorded.ctx, place('src'), place('new'), { metadata: true, gate })
      await expect(copying).rejects.toThrow('stop')
      expect(modes).toEqual(['755'])
    })
    expect(mode('new/d')).toBe('555')
  })

  test('that a run has left open are put right by the next one', async () => {
    await asNobody(async () => {
      lay('src', { '': [0o755, then], d: [0o555, then, 'f'] })
      lay('new', { '': [0o755, then], d: [0o555, later, 'f'] })
      const { ctx } = recordRun()
      const carrier = createCarrier(ctx, place('src'), place('new'), { metadata: true })
      const killed = createDirMetadata(ctx, place('src'), place('new'), carrier)
      await killed?.set(
        { from: place('src/d').path, target: place('new/d').path, modified: BigInt(then) * 1_000_000_000n },
        { early: true },
      )
      expect([mode('new/d'), time('new/d')]).toEqual(['755', later])
      await run()
    })
    expect([mode('new/d'), time('new/d')]).toEqual(['555', then])
  })
})

describe('what is done and said about directories', () => {
  const made = ['INFO d: Updated directory metadata']
  const early = ['INFO d: Set directory modification time (using SetModTime)']
  const [empty, still] = [{ createEmptySrcDirs: true }, { noUpdateDirModtime: true }]
  const copied = ['INFO d/f: Copied (new)']
  const nothing = ['INFO There was nothing to transfer']

  test.each<[string, number | undefined, boolean, MoveOptions, readonly string[]]>([
    ['made for a file', undefined, false, {}, [...copied, ...made]],
    ['made for itself', undefined, false, empty, [...copied, ...made, ...made]],
    ['there, the same', then, true, {}, nothing],
    ['there, the same, with something new', then, false, {}, [...copied, ...made]],
    ['there with another time', later, true, {}, [...nothing, ...early]],
    ['there with another time and something new', later, false, {}, [...copied, ...early, ...made]],
    ['there with another time, made for itself', later, true, empty, [...nothing, ...made]],
    ['there with another time and something new, made for itself', later, false, empty, [...copied, ...made, ...made]],
    ['made, and let alone', undefined, false, still, copied],
    ['there with another time, and let alone', later, false, still, copied],
    ['made for itself, and let alone', undefined, false, { ...empty, ...still }, [...copied, ...made]],
    [
      'there with another time, made for itself, and let alone',
      later,
      true,
      { ...empty, ...still },
      [...nothing, ...made],
    ],
  ])('%s', async (_, there, filled, o, lines) => {
    lay('src', { '': [0o755, then], d: [0o711, then, 'f'] })
    lay('new', { '': [0o755, then], ...(there === undefined ? {} : { d: [0o755, there, ...(filled ? ['f'] : [])] }) })
    expect(await run(o)).toEqual(lines.toSorted())
    const keeps = lines.includes(made[0] ?? '') || lines.includes(early[0] ?? '')
    expect(mode('new/d')).toBe(keeps ? '711' : '755')
    if (keeps && !o.noUpdateDirModtime) expect(time('new/d')).toBe(then)
  })

  test('a dry run says it once for each directory that is there', async () => {
    lay('src', { '': [0o755, then], d: [0o711, then, 'f'], n: [0o755, then, 'f'] })
    lay('new', { '': [0o755, then], d: [0o755, later] })
    const recorded = recordRun()
    const gate = dryRunGate(recorded.ctx.log)
    await copyDir(recorded.ctx, place('src'), place('new'), { metadata: true, gate })
    expect(recorded.lines()).toEqual([
      'NOTICE d/f: Skipped copy as --dry-run is set (size 1)',
      expect.stringMatching(/^NOTICE d: Skipped set directory modification time as --dry-run is set \(size /),
      'NOTICE n/f: Skipped copy as --dry-run is set (size 1)',
      'NOTICE n: Skipped update directory metadata as --dry-run is set',
    ])
    expect([mode('new/d'), time('new/d'), existsSync(join(dir, 'new/n'))]).toEqual(['755', later, false])
  })

  test('parents follow, up to the root, which is left alone', async () => {
    lay('src', { '': [0o755, then], d: [0o755, then], 'd/e': [0o755, then, 'f'] })
    lay('new', { '': [0o700, later], d: [0o755, then], 'd/e': [0o755, then] })
    await run()
    expect([time('new/d'), time('new/d/e'), mode('new')]).toEqual([then, then, '700'])
  })
})

test('a directory that is moved keeps the time from before its files left it, and goes when it is set', async () => {
  lay('src', { '': [0o755, then], d: [0o711, then, 'f'] })
  lay('new', { '': [0o755, then] })
  const o = { metadata: true, deleteEmptySrcDirs: true }
  await moveDir(recordRun().ctx, place('src'), place('new'), o)
  expect([mode('new/d'), time('new/d'), existsSync(join(dir, 'src/d'))]).toEqual(['711', then, false])
})

test('where one side keeps no metadata of directories they get their time', async () => {
  const memory = createMemoryRemote()
  const source = {
    remote: { ...memory, facts: (path: string) => ({ ...memory.facts(path), dirMetadata: false }) },
    path: 's',
  }
  await plant(memory, { 's/d/f': 'x' })
  const recorded = recordRun()
  await copyDir(recorded.ctx, source, place('new'), { metadata: true })
  expect(recorded.lines()).toContain('INFO d: Set directory modification time (using DirSetModTime)')
})

test('a directory whose metadata cannot be had is an error of its own, and the others go on', async () => {
  lay('src', { '': [0o755, then], d: [0o711, then, 'f'], e: [0o711, then, 'g'] })
  const metadata: typeof remote.metadata = (entry, o) =>
    entry.path.endsWith('/d') ? Promise.reject(new Error('broken')) : (remote.metadata?.(entry, o) ?? expect.fail())
  const recorded = recordRun()
  const copying = copyDir(recorded.ctx, { ...place('src'), remote: { ...remote, metadata } }, place('new'), {
    metadata: true,
  })
  await expect(copying).rejects.toThrow('failed to set directory modtime: broken')
  expect(recorded.lines()).toContain('ERROR d: Failed to update directory timestamp or metadata: broken')
  expect([mode('new/d'), mode('new/e')]).toEqual(['755', '711'])
})
