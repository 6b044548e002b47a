import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { commonHash, createHasher, hashStream, hashTypes } from './hash.ts'

const ofAbc = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
}

describe('hash', () => {
  test.each(hashTypes)('%s of pieces is that of the whole', async (type) => {
    const hasher = createHasher(type)
    hasher.update(Buffer.from('a'))
    hasher.update(Buffer.from('bc'))
    expect(hasher.digest()).toBe(ofAbc[type])
    expect(await hashStream(type, pieces())).toBe(ofAbc[type])
  })

  test('the common hash is the first that both sides have', () => {
    expect(commonHash(['sha256', 'md5', 'sha1'], ['sha1', 'md5'])).toBe('md5')
    expect(commonHash(['sha1'], ['md5'])).toBeUndefined()
    expect(commonHash([], ['md5'])).toBeUndefined()
  })
})

async function* pieces() {
  yield Buffer.from('ab')
  yield Buffer.from('c')
}
