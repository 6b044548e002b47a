import { Buffer } from 'node:buffer'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StorageError } from '../../core/errors.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes, withHashing } from '../../core/source.ts'
import { createLocalRemote } from './index.ts'
import { fingerprintKey } from './temporary.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

test('the temporary file has a name of its own, cut to what a disk takes', async () => {
  const remote = createLocalRemote()
  for (const name of ['short.txt', 'å'.repeat(127), '日'.repeat(85), 'x'.repeat(255)]) {
    let seen: readonly string[] = []
    const source = withHashing({
      size: undefined,
      modified: undefined,
      known: {},
      async *stream() {
        yield new Uint8Array(2 * 1024 * 1024)
        seen = readdirSync(dir)
        yield new Uint8Array(1)
      },
    })
    await remote.write(at(name), source)
    expect(seen).toHaveLength(1)
    const [, stem] = /^(.*)\.[0-9a-f]{8}\.partial$/u.exec(seen[0] ?? '') ?? []
    expect(name.startsWith(stem ?? '?')).toBe(true)
    expect(readdirSync(dir)).toEqual([name])
    await remote.remove(at(name))
  }
})

test('a replaced file keeps its permissions, a new one gets the usual ones', async () => {
  const remote = createLocalRemote()
  writeFileSync(`${dir}/secret`, 'old', { mode: 0o600 })
  await remote.write(at('secret'), bytes('new'))
  await remote.write(at('plain'), bytes('new'))
  const mode = (name: string): string => (statSync(`${dir}/${name}`).mode & 0o777).toString(8)
  writeFileSync(`${dir}/made by node`, 'x')
  expect([mode('secret'), mode('plain')]).toEqual(['600', mode('made by node')])
})

test('a durable write is a write', async () => {
  await createLocalRemote().write(at('new/file'), bytes('kept'), { durable: true })
  expect(readFileSync(`${dir}/new/file`, 'utf8')).toBe('kept')
})

test('the hash that was known is checked and comes back', async () => {
  const remote = createLocalRemote()
  const md5 = '900150983cd24fb0d6963f7d28e17f72'
  const good = { ...bytes('abc'), known: { md5 } }
  expect((await remote.write(at('file'), good)).hashes).toEqual({ md5 })
  const bad = { ...bytes('abd'), known: { md5 } }
  await expect(remote.write(at('file'), bad)).rejects.toThrow(/^corrupted on transfer: md5 hashes differ src/)
  expect(readFileSync(`${dir}/file`, 'utf8')).toBe('abc')
})

test('a source of many tiny chunks is written whole', async () => {
  const source = withHashing({
    size: 5000,
    modified: undefined,
    known: {},
    async *stream() {
      for (let i = 0; i < 5000; i++) yield Buffer.from([i & 255])
    },
  })
  await createLocalRemote().write(at('file'), source)
  expect(readFileSync(`${dir}/file`).every((byte, i) => byte === (i & 255))).toBe(true)
})

function at(name: string): string {
  return `${dir.slice(1)}/${name}`
}

function bytes(text: string): Source {
  return sourceFromBytes(Buffer.from(text))
}

test('an interrupted write says which file it takes away, named as rclone names it', async () => {
  const lines: string[] = []
  const log = {
    log: ({ object = '', text }: { object?: string | undefined; text: string }) =>
      void lines.push(`${object}: ${text}`),
    enabled: () => true,
  }
  const remote = createLocalRemote({ log })
  const source = withHashing({
    size: 12,
    modified: 981_173_106_789_012_345n,
    known: {},
    async *stream() {
      yield new Uint8Array(2 * 1024 * 1024)
      await Promise.resolve()
    },
  })
  await expect(remote.write(at('a.txt'), source)).rejects.toThrow('corrupted on transfer')
  expect(readdirSync(dir)).toEqual([])
  const broken = withHashing({
    ...source,
    size: undefined,
    async *stream() {
      yield new Uint8Array(2 * 1024 * 1024)
      expect(readdirSync(dir)).toHaveLength(1)
      throw new StorageError('network', 'cut off')
    },
  })
  await expect(remote.write(at('a.txt'), broken)).rejects.toThrow('cut off')
  expect(lines).toEqual([
    expect.stringMatching(/a\.txt\.[0-9a-f]{8}\.partial: Removing partially written file on error: cut off$/),
  ])
  expect(fingerprintKey('x/a.txt', source)).toBe('d6ca70f6')
})

test('two writers of one content do not share a file, and what nobody writes to any more is taken over', async () => {
  const remote = createLocalRemote()
  const key = fingerprintKey('f', { size: 3, modified: 5n, known: {} })
  writeFileSync(`${dir}/f.${key}.partial`, 'of another')
  const source = sourceFromBytes(Buffer.from('abc'), { modified: 5n })
  await remote.write(at('f'), source)
  expect(readFileSync(`${dir}/f`, 'utf8')).toBe('abc')
  expect(readFileSync(`${dir}/f.${key}.partial`, 'utf8')).toBe('of another')
  // The time of the source, which it gets before its name
  utimesSync(`${dir}/f.${key}.partial`, 1000, 1000)
  await remote.write(at('f'), source)
  expect(readFileSync(`${dir}/f.${key}.partial`, 'utf8')).toBe('of another')
  vi.setSystemTime(Date.now() + 3_700_000)
  await remote.write(at('f'), source)
  vi.useRealTimers()
  expect(readdirSync(dir)).toEqual(['f'])
})

test('a file that takes the name of a temporary file is neither shown for another nor removed', async () => {
  const remote = createLocalRemote()
  const size = 4 * 1024 * 1024
  const promise = { size, modified: 5n, known: {} }
  const other = `f.${fingerprintKey('f', promise)}.partial`
  const source = withHashing({
    ...promise,
    async *stream() {
      yield new Uint8Array(size / 2)
      await remote.write(at(other), bytes('half of it'))
      yield new Uint8Array(size / 2)
    },
  })
  await expect(remote.write(at('f'), source)).rejects.toMatchObject({ code: 'changed' })
  expect(readdirSync(dir)).toEqual([other])
  expect(readFileSync(`${dir}/${other}`, 'utf8')).toBe('half of it')
  await remote.write(at('f'), withHashing({ ...promise, stream: () => bytes('x'.repeat(size)).stream() }))
  expect(readFileSync(`${dir}/f`, 'utf8')).toBe('x'.repeat(size))
})

test('writes in place, or with another ending, where that is asked for', async () => {
  const remote = createLocalRemote()
  const seen: string[] = []
  const source = withHashing({
    size: 1024 * 1024 * 2,
    modified: undefined,
    known: {},
    async *stream() {
      yield new Uint8Array(2 * 1024 * 1024 - 1)
      seen.push(...readdirSync(dir))
      yield new Uint8Array(1)
    },
  })
  await remote.write(at('one'), source, { partial: { inPlace: true } })
  await remote.remove(at('one'))
  await remote.write(at('two'), source, { partial: { suffix: '.tmp' } })
  expect(seen).toEqual(['one', expect.stringMatching(/^two\.[0-9a-f]{8}\.tmp$/)])
})

test('metadata goes before the time of the source', async () => {
  const remote = createLocalRemote()
  const metadata = { mode: '100640', mtime: '2010-01-02T03:04:05Z', atime: '2011-01-02T03:04:05Z' }
  const entry = await remote.write(at('file'), bytes('abc'), { metadata })
  const stats = statSync(`${dir}/file`)
  expect([(stats.mode & 0o777).toString(8), stats.mtime.toISOString(), stats.atime.toISOString()]).toEqual([
    '640',
    '2010-01-02T03:04:05.000Z',
    '2011-01-02T03:04:05.000Z',
  ])
  expect(entry.modified).toBe(BigInt(Date.parse('2010-01-02T03:04:05Z')) * 1_000_000n)
})
