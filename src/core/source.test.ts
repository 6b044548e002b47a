import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FileEntry } from './entry.ts'
import type { Reader, Remote } from './remote.ts'
import { sourceOf } from './source-of.ts'
import { sliceRange, sourceFromBytes, withHashing } from './source.ts'
import { collect } from './stream.ts'

const bytes = Buffer.from('0123456789')
const md5 = createHash('md5').update(bytes).digest('hex')
const entry: FileEntry = { kind: 'file', path: 'dir/f', size: 10, modified: 5n, hashes: {}, revision: '7' }

describe('source', () => {
  test('bytes in memory give any range, again and again', async () => {
    const source = sourceFromBytes(bytes, { modified: 5n })
    expect([source.size, source.modified]).toEqual([10, 5n])
    for (let i = 0; i < 2; i++) expect(Buffer.from(await collect(source.stream({ offset: 7 }))).toString()).toBe('789')
    expect(await source.hash('md5')).toBe(md5)
  })

  test('a range beyond the end is empty', () => {
    expect(sliceRange(bytes, { offset: 10 })).toHaveLength(0)
    expect(sliceRange(bytes, { offset: 99, length: 1 })).toHaveLength(0)
    expect(sliceRange(bytes, { offset: 9, length: 99 })).toHaveLength(1)
    expect(sliceRange(bytes, { offset: 3, length: 0 })).toHaveLength(0)
  })

  test('a hash is read once, and not at all where it is known or can be asked for', async () => {
    let reads = 0
    const base = {
      size: 10,
      modified: undefined,
      async *stream() {
        reads++
        yield bytes
      },
    }
    const plain = withHashing({ ...base, known: {} })
    expect([await plain.hash('md5'), await plain.hash('md5'), reads]).toEqual([md5, md5, 1])
    expect([await withHashing({ ...base, known: { md5: 'known' } }).hash('md5'), reads]).toEqual(['known', 1])
    const asked = withHashing({ ...base, known: {} }, async (type) => (type === 'md5' ? 'asked' : undefined))
    expect([await asked.hash('md5'), reads]).toEqual(['asked', 1])
    expect([await asked.hash('sha1'), reads]).toEqual([createHash('sha1').update(bytes).digest('hex'), 2])
  })

  test('a file of a remote is opened for each stream, as the entry that was seen, and closed', async () => {
    const log: string[] = []
    const source = sourceOf(fakeRemote(log), entry)
    expect(log).toEqual([])
    expect(Buffer.from(await collect(source.stream({ offset: 8 }))).toString()).toBe('89')
    expect(log).toEqual(['open dir/f 7', 'close'])
    for await (const chunk of source.stream()) if (chunk.length > 0) break
    expect(log.slice(2)).toEqual(['open dir/f 7', 'close'])
  })

  test('a hash of a remote file is asked of the remote where it has that type, else read', async () => {
    const log: string[] = []
    const source = sourceOf(fakeRemote(log), entry)
    expect(await source.hash('md5')).toBe('from the remote')
    expect(await source.hash('md5')).toBe('from the remote')
    expect(log).toEqual(['hash md5'])
    expect(await source.hash('sha1')).toBe(createHash('sha1').update(bytes).digest('hex'))
    expect(log).toEqual(['hash md5', 'open dir/f 7', 'close'])
    expect(await sourceOf(fakeRemote(log), { ...entry, hashes: { md5: 'listed' } }).hash('md5')).toBe('listed')
  })
})

function fakeRemote(log: string[]): Remote {
  return {
    name: 'fake',
    type: 'fake',
    facts: () => ({
      description: 'fake',
      hashes: ['md5'],
      timePrecision: 1n,
      caseInsensitive: false,
      emptyDirs: true,
      dirTimes: true,
      slowHash: true,
      partialUploads: false,
    }),
    identity: missing,
    list: missing,
    stat: missing,
    write: missing,
    remove: missing,
    mkdir: missing,
    rmdir: missing,
    async open(path, options): Promise<Reader> {
      log.push(`open ${path} ${options?.expect?.revision}`)
      return {
        entry,
        async *stream(range = {}) {
          yield sliceRange(bytes, range)
        },
        [Symbol.asyncDispose]: async () => void log.push('close'),
      }
    },
    async hash(_entry, type) {
      log.push(`hash ${type}`)
      return 'from the remote'
    },
  }
}

function missing(): never {
  throw new Error('not part of this test')
}
