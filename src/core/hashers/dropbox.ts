import { createHash } from 'node:crypto'
import type { Hasher } from '../hash.ts'
import { createBlocks } from './blocks.ts'

const blockSize = 4 * 1024 * 1024

/** Dropbox's content hash: the SHA-256 of the SHA-256s of all blocks of 4 MiB. */
export function dropboxHasher(): Hasher {
  const whole = createHash('sha256')
  let block = createHash('sha256')
  const blocks = createBlocks(blockSize, {
    piece: (bytes) => block.update(bytes),
    end() {
      whole.update(block.digest())
      block = createHash('sha256')
    },
  })
  return {
    update: (chunk) => blocks.push(chunk),
    digest() {
      blocks.end()
      return whole.digest('hex')
    },
  }
}
