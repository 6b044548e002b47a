import { isStorageError, StorageError } from '../../../core/errors.ts'
import { formatTokenBlob, parseTokenBlob } from '../../../core/token-blob.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { safeUrl } from '../api/address.ts'
import { parseObject, stringIn } from '../api/json.ts'

const handedKeys = ['configVersion', 'client_id', 'tokenURL'] as const

/** A login as one line of text, to be pasted on another machine. It is the login: whoever has it has the files. */
export function formatHandOver({ token, keys }: LoginResult): string {
  const handed = handedKeys.map((key) => [key, keys[key] ?? ''] as const)
  const fields = { ...Object.fromEntries(handed), token: formatTokenBlob(token) }
  return Buffer.from(JSON.stringify(fields)).toString('base64url')
}

/**
 * Reads such a text as it was pasted; white space and padding do no harm.
 * @returns undefined where it is something else
 * @throws StorageError 'invalid-argument' for one that is damaged
 */
export function parseHandOver(pasted: string): LoginResult | undefined {
  const text = pasted.replaceAll(/\s|=/g, '')
  const fields = /^[\w-]+$/.test(text) ? parseObject(Buffer.from(text, 'base64url').toString()) : undefined
  const blob = fields && stringIn(fields, 'token')
  if (!fields || blob === undefined) return undefined
  const url = safeUrl(stringIn(fields, 'tokenURL') ?? '')
  if (!url) throw damaged()
  const clientId = stringIn(fields, 'client_id') ?? ''
  return { token: readToken(blob), keys: { configVersion: '1', client_id: clientId, tokenURL: url.href } }
}

function readToken(blob: string): LoginResult['token'] {
  try {
    return parseTokenBlob(blob, 'login')
  } catch (error) {
    throw isStorageError(error) ? damaged() : error
  }
}

function damaged(): StorageError {
  return new StorageError('invalid-argument', 'This text of "fjord authorize" is damaged', {
    details: { operation: 'login', hint: 'Paste all of the line that "fjord authorize" printed.' },
  })
}
