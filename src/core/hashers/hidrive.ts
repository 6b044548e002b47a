import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Hasher } from '../hash.ts'
import { createBlocks } from './blocks.ts'

const blockSize = 4096
const sumsPerLevel = 256
const sumBytes = 20
const modulus = 1n << BigInt(8 * sumBytes)
const zeros = Buffer.alloc(sumBytes)

/** Hashes of the level below, put together. */
interface Level {
  count: number
  total: bigint
}

/**
 * HiDrive's content hash: blocks of 4 KiB (the last one filled up with zeros) have their SHA-1, or zeros where nothing but
 * zeros is in them. 256 of these make one of the next level: the sum, modulo 2^160, of the SHA-1s of each with its place as
 * one more byte; zeros count for nothing. And so on up, to the level that has a single one.
 */
export function hidriveHasher(): Hasher {
  const levels: Level[] = []
  let last: Buffer = zeros
  let sha1 = createHash('sha1')
  let filled = 0
  let empty = true

  const add = (sum: Buffer, height = 0): void => {
    const level = (levels[height] ??= { count: 0, total: 0n })
    last = sum
    if (!sum.equals(zeros)) level.total = (level.total + placed(sum, level.count)) % modulus
    level.count++
    if (level.count === sumsPerLevel) lift(level, height)
  }
  const lift = (level: Level, height: number): void => {
    const sum = toBytes(level.total)
    level.count = 0
    level.total = 0n
    add(sum, height + 1)
  }
  const blocks = createBlocks(blockSize, {
    piece(bytes) {
      sha1.update(bytes)
      filled += bytes.length
      empty &&= bytes.every((byte) => byte === 0)
    },
    end() {
      const sum = sha1.update(Buffer.alloc(blockSize - filled)).digest()
      add(empty ? zeros : sum)
      sha1 = createHash('sha1')
      filled = 0
      empty = true
    },
  })
  return {
    update: (chunk) => blocks.push(chunk),
    digest() {
      blocks.end()
      for (let height = 0; height < levels.length - 1; height++) {
        const level = levels[height]
        if (level && level.count > 0) lift(level, height)
      }
      const top = levels.at(-1)
      return (top && top.count > 1 ? toBytes(top.total) : last).toString('hex')
    },
  }
}

function placed(sum: Buffer, place: number): bigint {
  const digest = createHash('sha1').update(sum).update(Buffer.of(place)).digest('hex')
  return BigInt(`0x${digest}`)
}

function toBytes(total: bigint): Buffer {
  return Buffer.from(total.toString(16).padStart(2 * sumBytes, '0'), 'hex')
}
