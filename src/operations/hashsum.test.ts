import { describe, expect, test } from 'vitest'
import { all, plant, recordRun, without } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { hashInBase64, parseHashType } from './hash-names.ts'
import { hashsum, sumLine } from './hashsum.ts'
import { sizeOf } from './size.ts'

const abc = '900150983cd24fb0d6963f7d28e17f72'

async function planted() {
  const remote = createMemoryRemote()
  await plant(remote, { 'r/a': 'abc', 'r/d/b': '' })
  return { remote, path: 'r' }
}

describe('hashsum', () => {
  test('gives the hash of every file', async () => {
    const place = await planted()
    const run = recordRun()
    const sums = await all(hashsum(run.ctx, place, { type: 'md5' }))
    expect(sums.toSorted((a, b) => (a.shown < b.shown ? -1 : 1))).toEqual([
      { shown: 'a', hash: abc },
      { shown: 'd/b', hash: 'd41d8cd98f00b204e9800998ecf8427e' },
    ])
    expect(run.of('check-done')).toHaveLength(2)
  })

  test('a directory that cannot be listed keeps no other file from its hash', async () => {
    const { remote } = await planted()
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`r/f${i}`, 'abc']))
    await plant(remote, files)
    const refusing: Remote = {
      ...without(remote, 'listAll'),
      async *list(dir, o) {
        if (dir === 'r/d') throw new StorageError('permission', 'no')
        yield* remote.list(dir, o)
      },
    }
    const found: string[] = []
    const sums = hashsum(recordRun({ checkers: 1 }).ctx, { remote: refusing, path: 'r' }, { type: 'md5' })
    const read = async (): Promise<void> => {
      for await (const { shown } of sums) found.push(shown)
    }
    await expect(read()).rejects.toMatchObject({ code: 'permission' })
    expect(found).toHaveLength(51)
  })

  test('a hash that the remote lacks is an error of every file', async () => {
    const run = recordRun()
    await expect(all(hashsum(run.ctx, await planted(), { type: 'sha1' }))).rejects.toMatchObject({
      code: 'unsupported',
    })
    expect(run.lines()).toEqual([
      'ERROR a: hash unsupported: hash type not supported',
      'ERROR d/b: hash unsupported: hash type not supported',
    ])
  })

  test('reading the files gives any hash', async () => {
    const place = await planted()
    const sums = await all(hashsum(recordRun().ctx, { ...place, file: 'a' }, { type: 'crc32', download: true }))
    expect(sums).toEqual([{ shown: 'a', hash: '352441c2' }])
  })

  test('a line has the hash right-aligned, in hex or base64', () => {
    expect(sumLine({ shown: 'a', hash: abc }, 'md5', false)).toBe(`${abc}  a`)
    expect(sumLine({ shown: 'a', hash: '' }, 'crc32', false)).toBe('          a')
    expect(sumLine({ shown: 'a', hash: abc }, 'md5', true)).toBe(`${hashInBase64(abc)}  a`)
    expect(hashInBase64(abc)).toBe('kAFQmDzST7DWlj99KOF_cg==')
  })

  test('names are taken in any case, aliases as they are', () => {
    expect(['MD5', 'Blake3', 'SHA-1', 'sha-1', 'QuickXorHash', 'quickxorhash', ''].map(parseHashType)).toEqual([
      'md5',
      'blake3',
      'sha1',
      undefined,
      'quickxor',
      undefined,
      undefined,
    ])
  })
})

test('size counts files and bytes', async () => {
  expect(await sizeOf(recordRun().ctx, await planted())).toEqual({ count: 2, bytes: 3, sizeless: 0 })
})
