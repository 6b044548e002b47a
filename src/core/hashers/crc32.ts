import { crc32 } from 'node:zlib'
import type { Hasher } from '../hash.ts'

/** CRC-32 as in zip files (IEEE). */
export function crc32Hasher(): Hasher {
  let sum = 0
  return {
    update(chunk) {
      sum = crc32(chunk, sum)
    },
    digest: () => sum.toString(16).padStart(8, '0'),
  }
}
