import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { StorageError } from '../core/errors.ts'

// The published key: obscuring keeps a password from a glance over the shoulder, it is no encryption
// (docs: rclone's surface 7.2).
const key = Buffer.from('9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638', 'hex')
const blockLength = 16

/** The obscured form of a password, different at every call: a counter block and AES-256-CTR, in base64url. */
export function obscure(password: string): string {
  const counter = randomBytes(blockLength)
  const cipher = createCipheriv('aes-256-ctr', key, counter)
  return Buffer.concat([counter, cipher.update(password, 'utf8'), cipher.final()]).toString('base64url')
}

/**
 * The password of an obscured text.
 * @throws StorageError 'invalid-argument' in rclone's words, without the text
 */
export function reveal(obscured: string): string {
  const bytes = decode(obscured)
  if (bytes.length < blockLength) {
    throw new StorageError('invalid-argument', 'input too short when revealing password - is it obscured?')
  }
  const decipher = createDecipheriv('aes-256-ctr', key, bytes.subarray(0, blockLength))
  return Buffer.concat([decipher.update(bytes.subarray(blockLength)), decipher.final()]).toString('utf8')
}

/** Whether a text can be revealed; a plain password of 22 or more such characters can, too. */
export function isObscured(text: string): boolean {
  try {
    reveal(text)
    return true
  } catch {
    return false
  }
}

/** Node skips what is not base64url; rclone names the first such byte. */
function decode(text: string): Buffer {
  const encoded = text.replace(/[\r\n]/g, '')
  const foreign = /[^A-Za-z0-9_-]/.exec(encoded)?.index
  const bad = foreign ?? (encoded.length % 4 === 1 ? encoded.length - 1 : undefined)
  if (bad === undefined) return Buffer.from(encoded, 'base64url')
  const at = Buffer.byteLength(encoded.slice(0, bad))
  const message = `base64 decode failed when revealing password - is it obscured?: illegal base64 data at input byte ${at}`
  throw new StorageError('invalid-argument', message)
}
