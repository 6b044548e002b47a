import { Buffer } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import type Sodium from 'libsodium-wrappers'
import { StorageError } from '../core/errors.ts'

/** What an encrypted config file is locked with. */
export type ConfigKey = Uint8Array

const title = '# Encrypted rclone configuration File'
const mark = 'RCLONE_ENCRYPT_V0:'
const nonceLength = 24
const tagLength = 16

/**
 * The key of a password (docs: rclone's surface 7.3).
 * @throws StorageError 'invalid-argument' for a blank one, and one that was no UTF-8 when it was read
 */
export function configKeyOf(password: string): ConfigKey {
  if (/[\uFFFD\uD800-\uDFFF]/u.test(password)) throw unusable('password contains invalid utf8 characters')
  if (password.trim() === '') throw unusable('no characters in password')
  return createHash('sha256')
    .update(`[${password.normalize('NFKC')}][rclone-config]`)
    .digest()
}

/**
 * The box in a config file's text; undefined where the file is plain.
 * @throws StorageError 'config' for a damaged box, and for encryption of another version
 */
export function sealedBox(text: string): Uint8Array | undefined {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => /^\s*[^\s#;]/.test(line.replace(/^\uFEFF/, '')))
  const version = /^RCLONE_ENCRYPT_V(.*?):?\s*$/.exec(lines[first] ?? '')?.[1]
  if (version === undefined) return undefined
  if (version !== '0') throw damaged('unsupported configuration encryption - update rclone for support')
  const base64 = lines
    .slice(first + 1)
    .join('')
    .replaceAll(/\s/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) {
    throw damaged(`failed to load base64 encoded data: ${base64Trouble(base64)}`)
  }
  const box = Buffer.from(base64, 'base64')
  if (box.length < nonceLength + tagLength) throw damaged('configuration data too short')
  return box
}

/** What Go says of it. */
function base64Trouble(text: string): string {
  const at = text.search(/[^A-Za-z0-9+/]/)
  return at === -1 ? 'unexpected EOF' : `illegal base64 data at input byte ${at}`
}

/** What is in a box; undefined where the key does not fit or the box was altered. */
export async function unseal(box: Uint8Array, key: ConfigKey): Promise<Uint8Array | undefined> {
  const sodium = await loadSodium()
  try {
    return sodium.crypto_secretbox_open_easy(box.subarray(nonceLength), box.subarray(0, nonceLength), key)
  } catch {
    return undefined // it has one reason to fail
  }
}

/** The text of an encrypted config file, another one at every call. */
export async function seal(content: Uint8Array, key: ConfigKey): Promise<string> {
  const sodium = await loadSodium()
  const nonce = randomBytes(nonceLength)
  const box = sodium.crypto_secretbox_easy(content, nonce, key)
  return `${title}\n\n${mark}\n${Buffer.concat([nonce, box]).toString('base64')}`
}

async function loadSodium(): Promise<typeof Sodium> {
  const { default: sodium } = await import('libsodium-wrappers')
  await sodium.ready
  return sodium
}

function unusable(message: string): StorageError {
  return new StorageError('invalid-argument', message)
}

function damaged(message: string): StorageError {
  return new StorageError('config', message)
}
