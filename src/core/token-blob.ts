import { StorageError } from './errors.ts'
import { logInAgain } from './log-in-again.ts'
import { formatRfc3339, nanoseconds, parseRfc3339 } from './time.ts'
import type { Token } from './token.ts'

/**
 * Reads a token as rclone stores it in the config (docs/protocol.md §2.8).
 * @param owner what it belongs to, and `where` it is, for the message
 * @throws StorageError 'config'; nothing of the text is in it
 */
export function parseTokenBlob(text: string, owner: string, where = 'in the config'): Token {
  const fields = parseObject(text)
  const access = fields?.['access_token']
  const refresh = fields?.['refresh_token']
  if (fields === undefined || (typeof access !== 'string' && typeof refresh !== 'string')) {
    throw new StorageError('config', `the token of "${owner}" ${where} is damaged`, {
      details: { hint: `Log in again: ${logInAgain(owner)}.` },
    })
  }
  return {
    accessToken: textOf(access),
    tokenType: textOf(fields['token_type']) || 'Bearer',
    refreshToken: textOf(refresh),
    expiry: parseRfc3339(textOf(fields['expiry'])) ?? 0n,
  }
}

/** Writes a token as rclone stores it, on one line. */
export function formatTokenBlob(token: Token): string {
  const decimals = String(nanoseconds(token.expiry)).padStart(9, '0').replace(/0+$/, '').length
  return JSON.stringify({
    access_token: token.accessToken,
    token_type: token.tokenType,
    refresh_token: token.refreshToken,
    expiry: formatRfc3339(token.expiry, decimals),
  })
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined // the parser's message would quote the token
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
