import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir, copyFile } from './copy.ts'
import type { CopyOptions } from './options.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-bare-links-'))
  mkdirSync(join(dir, 'dst'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const disk = createLocalRemote()

/** Copies the file `a` to where a link stands. */
async function run(target: string, o: CopyOptions, how: 'file' | 'tree' = 'file', content = 'new') {
  symlinkSync(target, join(dir, 'dst/a'))
  const source = createMemoryRemote()
  await plant(source, { a: content }, 5_000_000_000n)
  const { ctx } = recordRun()
  const [from, to] = [
    { remote: source, path: '' },
    { remote: disk, path: join(dir, 'dst').slice(1) },
  ]
  const copied = how === 'file' ? copyFile(ctx, { ...from, file: 'a' }, to, o) : copyDir(ctx, from, to, o)
  return await copied.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
}

const isLink = (name: string): boolean => lstatSync(join(dir, name)).isSymbolicLink()

test.for([
  ['file', {}],
  ['tree', { noTraverse: true }],
] as const)('a link where a single %s is looked up is put away before it is replaced', async ([how, o]) => {
  const backupDir = { remote: disk, path: join(dir, 'back').slice(1) }
  expect(await run('nosuch', { ...o, backupDir }, how)).toBeUndefined()
  expect(readlinkSync(join(dir, 'back/a'))).toBe('nosuch')
  expect(readFileSync(join(dir, 'dst/a'), 'utf8')).toBe('new')
})

test('a link gets the suffix', async () => {
  expect(await run('nosuch', { suffix: '.bak' })).toBeUndefined()
  expect(readdirSync(join(dir, 'dst'))).toEqual(['a', 'a.bak'])
  expect(readlinkSync(join(dir, 'dst/a.bak'))).toBe('nosuch')
})

test.for([{ ignoreExisting: true }, { immutable: true }, { update: true }])(
  'a link is not replaced with %o',
  async (o) => {
    expect(await run('nosuch', o)).toEqual(o.immutable ? expect.objectContaining({ retry: 'never' }) : undefined)
    expect(isLink('dst/a')).toBe(true)
  },
)

test.for([{}, { sizeOnly: true }, { checksum: true }, { ignoreSize: true }, { noCheckDest: true }])(
  'a link is no copy, though it is as long as the file, with %o',
  async (o) => {
    expect(await run('abc', o)).toBeUndefined()
    expect(isLink('dst/a')).toBe(false)
  },
)
