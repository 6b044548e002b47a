import { Buffer } from 'node:buffer'
import type { HashType } from '../core/hash.ts'
import { hashTypes } from '../core/hash.ts'

/** Other names of some types, valid in exactly this spelling (rclone's surface §1.3). */
const aliases: Readonly<Record<string, HashType>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-512': 'sha512',
  'CRC-32': 'crc32',
  DropboxHash: 'dropbox',
  MailruHash: 'mailru',
  QuickXorHash: 'quickxor',
}

/** Bytes of a hash. */
const sizes: Readonly<Record<HashType, number>> = {
  md5: 16,
  sha1: 20,
  whirlpool: 64,
  crc32: 4,
  sha256: 32,
  sha512: 64,
  blake3: 32,
  xxh3: 8,
  xxh128: 16,
  dropbox: 32,
  hidrive: 20,
  mailru: 20,
  quickxor: 20,
}

/** The type that a person means: a short name in any case, or one of rclone's aliases; undefined for neither. */
export function parseHashType(name: string): HashType | undefined {
  return aliases[name] ?? hashTypes.find((type) => type === name.toLowerCase())
}

/** How many characters a hash of `type` has in hex, or in base64 with padding. */
export function hashWidth(type: HashType, base64: boolean): number {
  return base64 ? Math.ceil(sizes[type] / 3) * 4 : sizes[type] * 2
}

/** A hash in base64, with the alphabet for URLs and padding. */
export function hashInBase64(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  return bytes.toString('base64url').padEnd(Math.ceil(bytes.length / 3) * 4, '=')
}
