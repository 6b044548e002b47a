import { createHash } from 'node:crypto'
import type { ByteStream } from './stream.ts'

/** The hashes fjord can compute, under rclone's short names. */
export const hashTypes = ['md5', 'sha1', 'sha256', 'sha512'] as const
export type HashType = (typeof hashTypes)[number]

/** Lower-case hex by type; a type that is not known is absent. */
export type Hashes = { readonly [T in HashType]?: string | undefined }

/** Takes bytes and gives their hash as lower-case hex, once. */
export interface Hasher {
  update(chunk: Uint8Array): void
  digest(): string
}

/** A hasher of one type. */
export function createHasher(type: HashType): Hasher {
  const hash = createHash(type)
  return {
    update(chunk) {
      hash.update(chunk)
    },
    digest: () => hash.digest('hex'),
  }
}

/** The hash of a whole stream as lower-case hex. */
export async function hashStream(type: HashType, stream: ByteStream): Promise<string> {
  const hasher = createHasher(type)
  for await (const chunk of stream) hasher.update(chunk)
  return hasher.digest()
}

/** The first type that both sides know, in the order of {@link hashTypes}. */
export function commonHash(a: readonly HashType[], b: readonly HashType[]): HashType | undefined {
  return hashTypes.find((type) => a.includes(type) && b.includes(type))
}
