import { createHash, randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileEntry } from '../../core/entry.ts'
import type { FileIdentity, HashMemory } from '../../core/remembered.ts'
import { openState } from '../../state/open.ts'
import { openFileHasher } from './hash-thread.ts'
import { createLocalRemote } from './index.ts'

const abc = '900150983cd24fb0d6963f7d28e17f72'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-hash-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A remote whose memory takes everything at once, and what it was told. */
function remembering() {
  const told = new Map<string, string>()
  const keyOf = (file: FileIdentity): string =>
    JSON.stringify(file, (_, value: unknown) => (String(value) === '[object Object]' ? value : String(value)))
  const hashes: HashMemory = {
    get: (file) => told.get(keyOf(file)),
    put: (file, { md5 = '' }) => void told.set(keyOf(file), md5),
  }
  const { unfinished } = openState(join(dir, 'state'), Date.now)
  return { remote: createLocalRemote({ remembered: { hashes, unfinished } }), told }
}

async function entryOf(remote: ReturnType<typeof createLocalRemote>, path: string): Promise<FileEntry> {
  const entry = await remote.stat(path.slice(1))
  if (entry?.kind !== 'file') throw new Error('no file')
  return entry
}

/** Whether this disk is one that changes can be told of. */
const tells = async (): Promise<boolean> => {
  const { remote, told } = remembering()
  writeFileSync(join(dir, 'probe'), 'x')
  await remote.hash?.(await entryOf(remote, join(dir, 'probe')), 'md5')
  return told.size > 0
}

test('a file that did not change is not read again where a remembered hash will do', async () => {
  if (!(await tells())) return
  const { remote, told } = remembering()
  const path = join(dir, 'file')
  writeFileSync(path, 'abc')
  const entry = await entryOf(remote, path)
  expect(await remote.hash?.(entry, 'md5')).toBe(abc)
  for (const key of told.keys()) told.set(key, 'from memory')
  expect(await remote.hash?.(entry, 'md5', { remembered: true })).toBe('from memory')
  expect(await remote.hash?.(entry, 'md5')).toBe(abc)
})

test('a file is hashed while it grows, and as far as it goes', async () => {
  const bytes = randomBytes(9 * 1024 * 1024 + 5)
  const md5 = createHash('md5').update(bytes).digest('hex')
  for (const size of [bytes.length, bytes.length + 10]) {
    const file = openSync(join(dir, 'growing'), 'w+')
    const hasher = openFileHasher(file, 'md5')
    for (const [from, to] of [
      [0, 10],
      [10, 8 * 1024 * 1024],
      [8 * 1024 * 1024, bytes.length],
    ] as const) {
      writeSync(file, bytes, from, to - from, from)
      hasher.grown(to)
    }
    expect(await hasher.digest(size)).toBe(md5)
    await hasher.stop()
    closeSync(file)
  }
})

test('what cannot be read has no hash', async () => {
  const hasher = openFileHasher(1_000_000, 'md5')
  hasher.grown(1)
  await expect(hasher.digest(1)).rejects.toMatchObject({ code: 'io' })
  await hasher.stop()
})

test('a file that was written to with its size and time kept is read again', async () => {
  if (!(await tells())) return
  const { remote } = remembering()
  const path = join(dir, 'file')
  writeFileSync(path, 'xyz')
  utimesSync(path, 1000, 1000)
  await remote.hash?.(await entryOf(remote, path), 'md5')
  const before = statSync(path, { bigint: true }).ctimeNs
  while (statSync(path, { bigint: true }).ctimeNs === before) {
    writeFileSync(path, 'abc')
    utimesSync(path, 1000, 1000)
  }
  expect(await remote.hash?.(await entryOf(remote, path), 'md5', { remembered: true })).toBe(abc)
})
