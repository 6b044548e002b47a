import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { commonHash, hashTypes } from './hash.ts'
import { hashStream, openHasher } from './open-hasher.ts'
import { sourceFromBytes } from './source.ts'

const ofAbc = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  whirlpool:
    '4e2448a4c6f486bb16b6562c73b4020bf3043e3a731bce721ae1b303d97e6d4c7181eebdb6c57e277d0e34957114cbd6c797fc9d95d8b582d225292076d4eef5',
  crc32: '352441c2',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  blake3: '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
  xxh3: '78af5f94892f3950',
  xxh128: '06b05ab6733a618578af5f94892f3950',
  // The SHA-256 of the SHA-256 above
  dropbox: '4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358',
  mailru: '6162630000000000000000000000000000000000',
}

const line = 'rclone golden fixture 0123456789\n'
const repeated = (length: number): Buffer => Buffer.alloc(length, line)

const recorded = [
  ['dropbox', repeated(4097), '36bc6ea41183fabce076cb75748385a6cef942a44087d27ccdf07014d02861e4'],
  ['dropbox', repeated(5_000_000), '3d291750a5287f63d7db311ff6a4c126447aea3313c336375e97b16fc691df3f'],
  ['hidrive', repeated(20), '8fc9b7202b0056cd559edbe167d77970caa5891a'],
  ['hidrive', repeated(4096), 'f7c021bc800a1d6480dbb5e19737fa3fa9bc895e'],
  ['hidrive', repeated(4097), '8193ffcbc4573e6fc6d74114c35cb1eb231e0259'],
  ['hidrive', repeated(1_048_576), '7c3a20dbfb1f8fcb49fef61972fb19c84667f596'],
  ['hidrive', repeated(1_048_577), '58da2f0b313e6478e2ab02446102e5d9dac90851'],
  ['hidrive', repeated(5_000_000), '310a4dc43b9ca7ae68db68e8700589852c9ad630'],
  ['hidrive', Buffer.alloc(10_000), '0000000000000000000000000000000000000000'],
  ['hidrive', Buffer.concat([Buffer.alloc(8192), Buffer.from('abc')]), '7515a8d858c668d5f22b8b13a58085f8abf76fe1'],
  ['mailru', repeated(20), '72636c6f6e6520676f6c64656e20666978747572'],
  ['mailru', repeated(21), '14c5e4dad94c5bca83c9ad4cb3c3b440d952ee78'],
  ['quickxor', repeated(21), '53157bbb9dfd626286e00c6f750319cae0061098'],
  ['quickxor', repeated(5_000_000), '92d5d4a65ba1acc627f61fca2530a685f3d1b107'],
  ['quickxor', Buffer.alloc(10_000), '0000000000000000000000001027000000000000'],
] as const

describe('hash', () => {
  test.each(Object.entries(ofAbc))('%s of pieces is that of the whole', async (name, expected) => {
    const type = hashTypes.find((known) => known === name) ?? 'md5'
    const hasher = await openHasher(type)
    hasher.update(Buffer.from('a'))
    hasher.update(Buffer.from('bc'))
    expect(hasher.digest()).toBe(expected)
    expect(await hashStream(type, pieces())).toBe(expected)
  })

  test.each(recorded)('%s is what rclone prints for the same file', async (type, bytes, expected) => {
    expect(await sourceFromBytes(bytes).hash(type)).toBe(expected)
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
