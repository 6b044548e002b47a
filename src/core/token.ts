import type { Time } from './time.ts'

/** The tokens of one login. */
export interface Token {
  readonly accessToken: string
  readonly tokenType: string
  /** Single use: presenting a spent one ends the whole login (docs/protocol.md §2.3). */
  readonly refreshToken: string
  readonly expiry: Time
}

/** What a change that asks for a new token is told, and has to say first. */
export interface Renewal {
  /**
   * When a renewal of this very token was begun of which nothing is known: its process was killed, and the token may be
   * spent. Undefined where there was none.
   */
  readonly interrupted: Time | undefined
  /**
   * Notes where it survives the process that the token is about to be presented; to be awaited before that is done.
   * @param helper the process that presents it and may outlive this one
   * @throws StorageError where nothing that came of it could be stored: then it must not be presented
   */
  begin(helper?: number): Promise<void>
  /** A file that a helper leaves the new token in, in its stored form, where it is found. */
  readonly leaveAt: string
}

/** Where the token of one login lives, safe among processes. */
export interface TokenStore {
  /** Whether the token came from a connection string, a flag or the environment, where only the user can replace it. */
  readonly given?: boolean
  /** What is stored now. @throws StorageError 'auth' where nothing is */
  read(): Promise<Token>
  /**
   * Runs `change` under a lock that other processes honour, on what is stored at that moment. What it returns is on disk
   * before this resolves; returning the current token stores nothing. Never aborted half-way. A store that has no disk gives
   * no renewal.
   */
  update(change: (current: Token, renewal?: Renewal) => Promise<Token>): Promise<Token>
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
