import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Hasher } from '../hash.ts'

const shortest = 20

/** Mail.ru's hash: up to 20 bytes stand for themselves, filled up with zeros; more are a salted SHA-1 with the length behind. */
export function mailruHasher(): Hasher {
  const sha1 = createHash('sha1').update('mrCloud')
  const start = Buffer.alloc(shortest)
  let length = 0
  return {
    update(chunk) {
      if (length < shortest) start.set(chunk.subarray(0, shortest - length), length)
      length += chunk.length
      sha1.update(chunk)
    },
    digest: () => (length <= shortest ? start.toString('hex') : sha1.update(String(length)).digest('hex')),
  }
}
