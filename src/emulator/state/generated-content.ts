import { createHash } from 'node:crypto'

// A prime length, so that a reader that mixes up blocks of a power of two gets other bytes.
const BLOCK_LENGTH = 65521
const BLOCK = makeBlock()

/**
 * Bytes from `start` up to `end` of the made-up content of a size: the same for the same size, and content of
 * another size starts elsewhere in the pattern.
 */
export function* generatedBytes(size: number, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end;) {
    const from = (size + at) % BLOCK_LENGTH
    const length = Math.min(BLOCK_LENGTH - from, end - at)
    yield BLOCK.subarray(from, from + length)
    at += length
  }
}

/** Lower-case hex MD5 of the made-up content of a size. */
export function generatedMd5(size: number): string {
  const hash = createHash('md5')
  for (const chunk of generatedBytes(size, 0, size)) hash.update(chunk)
  return hash.digest('hex')
}

function makeBlock(): Uint8Array {
  const block = new Uint8Array(BLOCK_LENGTH)
  let state = 1
  for (let i = 0; i < BLOCK_LENGTH; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    block[i] = state >>> 16
  }
  return block
}
