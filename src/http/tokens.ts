import type { Logger } from '../core/context.ts'
import { StorageError, isStorageError, messageOf, refine } from '../core/errors.ts'
import { logInAgain } from '../core/log-in-again.ts'
import { formatRfc3339, second, timeFrom, type Time } from '../core/time.ts'
import type { Renewal, Token, TokenStore } from '../core/token.ts'

/** Access tokens of one login for requests. */
export interface TokenSource {
  /** A token that is good for a minute at least. @throws StorageError 'auth' where the user has to log in again */
  get(): Promise<string>
  /**
   * Another token after the server refused `accessToken` with 401. The same one comes back where it was had by a refresh just
   * now: the refusal has other reasons then, and asking for more tokens does not help.
   */
  refused(accessToken: string): Promise<string>
  /** Resolves when no refresh is under way: wait for it before connections are closed. */
  settled(): Promise<void>
}

export interface TokenSourceOptions {
  /** The remote's name in the configuration, for messages. */
  readonly name: string
  readonly store: TokenStore
  /**
   * Exchanges a refresh token, after it has awaited `renewal.begin`.
   * @throws StorageError 'auth' where it is spent
   */
  readonly refresh: (refreshToken: string, renewal: Renewal | undefined) => Promise<Token>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Logger
}

const refreshAhead = 60n * second
/** After a refresh ahead of time that failed, in milliseconds. */
const pause = 5_000
/** A token that is refused this soon (milliseconds) after its refresh is not refreshed again. */
const justNow = 30_000

/**
 * Hands out access tokens and refreshes them in time: one refresh at a time, which all who ask share, under the store's lock,
 * and only where nobody has stored a newer token. A refresh is never aborted: presenting a spent refresh token would end
 * the login (docs/protocol.md §2.3).
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { name, store, refresh, now, log } = options
  let current: Token | undefined
  let gained: { readonly accessToken: string; readonly at: number } | undefined
  let ended: { readonly refreshToken: string; readonly error: StorageError } | undefined
  let renewing: Promise<Token> | undefined
  let pausedUntil = 0
  let told = false

  const debug = (text: string): void => log.log({ level: 'DEBUG', object: name, text })

  const usable = (token: Token, refused?: string): boolean =>
    token.accessToken !== '' && token.accessToken !== refused && lives(token, now(), refreshAhead)

  const change = async (stored: Token, refused: string | undefined, renewal?: Renewal): Promise<Token> => {
    if (usable(stored, refused)) return stored
    if (stored.refreshToken === '') throw new StorageError('auth', unrefreshable(refused))
    if (ended?.refreshToken === stored.refreshToken) throw ended.error
    const fresh = await refresh(stored.refreshToken, renewal).catch((error: unknown) => {
      throw renewal?.interrupted === undefined ? error : afterInterruption(error, renewal.interrupted)
    })
    debug('Token refresh successful')
    gained = { accessToken: fresh.accessToken, at: now() }
    return fresh
  }

  const obtain = async (refused: string | undefined): Promise<Token> => {
    const stored = await store.read()
    if (usable(stored, refused)) return stored
    let presented = stored.refreshToken
    const update = (): Promise<Token> =>
      store.update((latest, renewal) => {
        presented = latest.refreshToken
        return change(latest, refused, renewal)
      })
    try {
      return await update()
    } catch (error) {
      if (!isStorageError(error, 'auth')) return stillGood(stored, refused, error)
      // rclone, which shares the file and knows no lock, may have been quicker.
      const latest = await store.read()
      if (latest.refreshToken === presented) {
        ended = { refreshToken: presented, error }
        throw error
      }
      debug('Loaded fresh token from config file')
      return await update()
    }
  }

  /** A token that could not be refreshed ahead of time serves until it expires; nobody asks for another for a moment. */
  const stillGood = (stored: Token, refused: string | undefined, error: unknown): Token => {
    const good = stored.accessToken !== '' && stored.accessToken !== refused && lives(stored, now(), 0n)
    if (!good) throw error
    pausedUntil = now() + pause
    const text = `The login could not be refreshed and works until it expires: ${messageOf(error)}`
    log.log({ level: told ? 'DEBUG' : 'NOTICE', object: name, text })
    told = true
    return stored
  }

  const renew = (refused?: string): Promise<Token> => {
    renewing ??= obtain(refused)
      .then((token) => (current = token))
      .catch((error: unknown) => {
        throw explain(error, options)
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }

  return {
    async get() {
      const paused = now() < pausedUntil && current !== undefined && lives(current, now(), 0n)
      const token = current && (paused || usable(current)) ? current : await renew()
      return token.accessToken
    },
    async refused(accessToken) {
      await renewing
      if (current && usable(current, accessToken)) return current.accessToken
      if (gained?.accessToken === accessToken && now() - gained.at < justNow) return accessToken
      return (await renew(accessToken)).accessToken
    },
    async settled() {
      await renewing?.catch(() => undefined)
    },
  }
}

function unrefreshable(refused: string | undefined): string {
  return `the token ${refused === undefined ? 'has expired' : 'was refused'} and cannot be refreshed`
}

/** An expiry before 1970 is Go's zero time: the token does not expire by the clock. */
function lives(token: Token, now: number, ahead: Time): boolean {
  return token.expiry <= 0n || token.expiry - timeFrom(now) > ahead
}

/** The one window that cannot be closed: the service had answered, and the process that had asked was gone. */
function afterInterruption(error: unknown, since: Time): unknown {
  if (!isStorageError(error, 'auth')) return error
  const message = `a refresh that began at ${formatRfc3339(since)} was cut off before its answer was stored, which ended the login: ${error.message}`
  return new StorageError('auth', message, { details: error.details, cause: error })
}

/** Whatever became of the refresh, the operation that waits for the token has not begun: its effect is none. */
function explain(error: unknown, { name, store }: TokenSourceOptions): unknown {
  if (!isStorageError(error)) return error
  if (error.code !== 'auth') return refine(error, { effect: 'none' })
  const message = `${name}: the login is no longer valid, ${logInAgain(name, store.given)} (${error.message})`
  return new StorageError('auth', message, { details: error.details, cause: error })
}
