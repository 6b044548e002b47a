import type { Time } from './time.ts'

/** The tokens of one login. */
export interface Token {
  readonly accessToken: string
  readonly tokenType: string
  /** Single use: presenting a spent one ends the whole login (docs/protocol.md §2.3). */
  readonly refreshToken: string
  readonly expiry: Time
}

/** Where the token of one login lives, safe among processes. */
export interface TokenStore {
  /** What is stored now. @throws StorageError 'auth' where nothing is */
  read(): Promise<Token>
  /**
   * Runs `change` under a lock that other processes honour, on what is stored at that moment. What it returns is on disk
   * before this resolves; returning the current token stores nothing. Never aborted half-way.
   */
  update(change: (current: Token) => Promise<Token>): Promise<Token>
}

/**
 * A store for programs that keep tokens their own way.
 * @param save must have kept the new token for good when it resolves: the one before it is spent
 */
export function tokensSavedWith(token: Token, save: (token: Token) => Promise<void>): TokenStore {
  let current = token
  let turn: Promise<unknown> = Promise.resolve()
  const renew = async (change: (current: Token) => Promise<Token>): Promise<Token> => {
    const next = await change(current)
    if (next !== current) {
      await save(next)
      current = next
    }
    return next
  }
  return {
    read: () => Promise.resolve(current),
    update(change) {
      const renewed = turn.then(() => renew(change))
      turn = renewed.catch(() => undefined)
      return renewed
    },
  }
}
