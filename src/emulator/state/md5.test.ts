import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createMd5, md5Of } from './md5.ts'

describe.each([
  ['on this thread', 1000],
  ['on the other thread', 9 << 20],
])('an MD5 %s', (_where, size) => {
  test('is the one of all bytes, however they are cut', async () => {
    const bytes = randomBytes(size)
    const expected = createHash('md5').update(bytes).digest('hex')
    const chunks: Uint8Array[] = []
    for (let at = 0, length = 1; at < size; at += length, length = (length * 3 + 7) % 3_000_001) {
      chunks.push(bytes.subarray(at, at + length))
    }
    expect(await md5Of(chunks, size)).toBe(expected)
  })

  test('is not disturbed by others that run or are dropped', async () => {
    const [one, other, dropped] = [createMd5(size), createMd5(size), createMd5(size)]
    for (const chunk of ['a', 'b', 'c']) {
      await one.update(Buffer.from(chunk))
      await dropped.update(Buffer.from('x'))
      await other.update(Buffer.from(chunk.toUpperCase()))
    }
    dropped.drop()
    const hashes = await Promise.all([one.digest(), other.digest()])
    expect(hashes).toEqual(['abc', 'ABC'].map((text) => createHash('md5').update(text).digest('hex')))
  })
})
