import { createHash } from 'node:crypto'

/** The hashes fjord can compute, under rclone's short names and in its order (rclone's surface §1.3). */
export const hashTypes = [
  'md5',
  'sha1',
  'whirlpool',
  'crc32',
  'sha256',
  'sha512',
  'blake3',
  'xxh3',
  'xxh128',
  'dropbox',
  'hidrive',
  'mailru',
  'quickxor',
] as const

export type HashType = (typeof hashTypes)[number]

/** Those that Node itself has, which can be begun at once. */
export const cryptoHashTypes = ['md5', 'sha1', 'sha256', 'sha512'] as const satisfies readonly HashType[]

export type CryptoHashType = (typeof cryptoHashTypes)[number]

/** Lower-case hex by type; a type that is not known is absent. */
export type Hashes = { readonly [T in HashType]?: string | undefined }

/** Takes bytes and gives their hash as lower-case hex, once. */
export interface Hasher {
  update(chunk: Uint8Array): void
  digest(): string
}

/** A hasher of one of Node's own types; `openHasher` has all. */
export function createHasher(type: CryptoHashType): Hasher {
  const hash = createHash(type)
  return {
    update(chunk) {
      hash.update(chunk)
    },
    digest: () => hash.digest('hex'),
  }
}

/** The first type that both sides know, in the order of {@link hashTypes}. */
export function commonHash(a: readonly HashType[], b: readonly HashType[]): HashType | undefined {
  return hashTypes.find((type) => a.includes(type) && b.includes(type))
}
