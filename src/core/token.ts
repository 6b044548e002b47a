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
