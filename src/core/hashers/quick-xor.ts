import { Buffer } from 'node:buffer'
import type { Hasher } from '../hash.ts'

const bits = 160
const shift = 11

/**
 * OneDrive's QuickXorHash: byte i is XORed into a ring of 160 bits at bit 11·i, and the length into its last 64 bits.
 */
export function quickXorHasher(): Hasher {
  const ring = Buffer.alloc(bits / 8)
  let at = 0
  let length = 0
  const mix = (index: number, byte: number): void => {
    ring[index] = (ring[index] ?? 0) ^ byte
  }
  return {
    update(chunk) {
      for (const byte of chunk) {
        const index = at >>> 3
        const wide = byte << (at & 7)
        mix(index, wide & 255)
        mix(index === ring.length - 1 ? 0 : index + 1, wide >>> 8)
        at = (at + shift) % bits
      }
      length += chunk.length
    },
    digest() {
      const size = Buffer.alloc(8)
      size.writeBigUInt64LE(BigInt(length))
      const sum = Buffer.from(ring)
      for (const [i, byte] of size.entries()) {
        const index = sum.length - size.length + i
        sum[index] = (sum[index] ?? 0) ^ byte
      }
      return sum.toString('hex')
    },
  }
}
