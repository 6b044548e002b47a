import { createHash, randomBytes } from 'node:crypto'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { goQuote } from '../options/go-syntax.ts'
import { asGoReads } from './invalid-bytes.ts'

/** Whether a file is in the part that was asked for. */
export type InPartition = (path: Path) => boolean

/**
 * Reads `--hash-filter`: K/N takes the files whose hash leaves K when divided by N, @/N one of these parts at random
 * (rclone's surface §4.1).
 * @returns undefined for ''
 * @throws StorageError 'config'
 */
export function parseHashFilter(text: string): InPartition | undefined {
  if (text === '') return undefined
  const slash = text.indexOf('/')
  if (slash === -1) throw wrong('no / found')
  const n = parseUint('N', text.slice(slash + 1))
  if (n === 0n) throw wrong('N must be greater than 0')
  const kText = text.slice(0, slash)
  const k = kText === '@' ? randomBytes(8).readBigUInt64LE() : parseUint('K', kText)
  const part = k % n
  return (path) => hashOf(path) % n === part
}

function hashOf(path: Path): bigint {
  const name = lowerCase(asGoReads(path).normalize('NFC'))
  return createHash('md5').update(name).digest().readBigUInt64LE()
}

/** Character by character as Go does it, which has no rule for the place in the word (Σ) and one character for one (İ). */
function lowerCase(text: string): string {
  return text.replaceAll(/\p{Changes_When_Lowercased}/gu, (char) => (char === 'İ' ? 'i' : char.toLowerCase()))
}

function parseUint(name: string, text: string): bigint {
  const value = /^\d+$/.test(text) ? BigInt(text) : undefined
  if (value !== undefined && value < 2n ** 64n) return value
  const why = value === undefined ? 'invalid syntax' : 'value out of range'
  throw wrong(`can't parse ${name}=${goQuote(text)}: strconv.ParseUint: parsing ${goQuote(text)}: ${why}`)
}

function wrong(message: string): StorageError {
  return new StorageError('config', `filter: --hash-filter: ${message}`)
}
