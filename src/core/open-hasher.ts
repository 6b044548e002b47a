import type { CryptoHashType, Hasher, HashType } from './hash.ts'
import { createHasher } from './hash.ts'
import type { ByteStream } from './stream.ts'

type Open = () => Hasher | Promise<Hasher>

/** The rare ones are loaded when they are asked for. */
const openers: Readonly<Record<Exclude<HashType, CryptoHashType>, Open>> = {
  whirlpool: async () => (await import('./hashers/wasm.ts')).wasmHasher('whirlpool'),
  blake3: async () => (await import('./hashers/wasm.ts')).wasmHasher('blake3'),
  xxh3: async () => (await import('./hashers/wasm.ts')).wasmHasher('xxh3'),
  xxh128: async () => (await import('./hashers/wasm.ts')).wasmHasher('xxh128'),
  crc32: async () => (await import('./hashers/crc32.ts')).crc32Hasher(),
  dropbox: async () => (await import('./hashers/dropbox.ts')).dropboxHasher(),
  hidrive: async () => (await import('./hashers/hidrive.ts')).hidriveHasher(),
  mailru: async () => (await import('./hashers/mailru.ts')).mailruHasher(),
  quickxor: async () => (await import('./hashers/quick-xor.ts')).quickXorHasher(),
}

/** A hasher of any type. */
export async function openHasher(type: HashType): Promise<Hasher> {
  if (type === 'md5' || type === 'sha1' || type === 'sha256' || type === 'sha512') return createHasher(type)
  return await openers[type]()
}

/** The hash of a whole stream as lower-case hex. */
export async function hashStream(type: HashType, stream: ByteStream): Promise<string> {
  const hasher = await openHasher(type)
  for await (const chunk of stream) hasher.update(chunk)
  return hasher.digest()
}
