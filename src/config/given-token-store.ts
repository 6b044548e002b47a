import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { parseTokenBlob } from '../core/token-blob.ts'
import type { Token, TokenStore } from '../core/token.ts'
import type { FileCalls } from '../util/atomic-file.ts'
import { createLimiter } from '../util/limiter.ts'
import type { ConfigFile } from './file.ts'
import { createKeptToken, keptPathOfGiven } from './kept-token.ts'
import { acquireLock } from './lock.ts'
import { createRenewalMark } from './renewal-mark.ts'
import { nowhereToStore, renew } from './renewing.ts'

export interface GivenTokenOptions {
  readonly config: Pick<ConfigFile, 'stateDir'>
  /** What the login is called in messages. */
  readonly name: string
  readonly log: Logger
  /** Ends the wait for the lock, nothing else. */
  readonly signal?: AbortSignal | undefined
  /** For tests. */
  readonly calls?: FileCalls
}

/**
 * The token of one login that came from a flag, a connection string or the environment, where it cannot be changed: what was
 * renewed from it is kept in the state folder under the given one, and goes before it in every process that is given the
 * same. Where the state folder cannot be written nothing is renewed.
 * @param given as JSON
 * @throws StorageError 'config' for what is no token
 */
export function createGivenTokenStore(given: string, options: GivenTokenOptions): TokenStore {
  const { config, name, log, calls, signal } = options
  const token = parseGiven(given, name)
  const kept = createKeptToken(keptPathOfGiven(config, token), name, calls)
  const mark = createRenewalMark(kept.path, calls)
  const turns = createLimiter(1)
  let unsaved: Token | undefined

  const read = async (): Promise<Token> => unsaved ?? (await kept.read()) ?? token
  const refuse = (error: unknown): never => {
    signal?.throwIfAborted()
    throw nowhereToStore(name, error)
  }
  const store = async (next: Token): Promise<void> => {
    try {
      await kept.write(next)
      unsaved = undefined
    } catch (error) {
      unsaved = next
      const reason = error instanceof Error ? error.message : String(error)
      const text = `The renewed login of "${name}" could not be stored (${reason}): free some space before this program ends, or log in again afterwards`
      log.log({ level: 'ERROR', text })
    }
  }
  return {
    given: true,
    read,
    update: (change) =>
      turns.run(async () => {
        await using _lock = await acquireLock(kept.path, { signal, stateDir: config.stateDir }).catch(refuse)
        return await renew(
          {
            read,
            leaveAt: kept.path,
            store,
            misplaced: () => Promise.resolve(unsaved !== undefined),
            mark,
            probe: refuse,
          },
          change,
        )
      }, signal),
  }
}

function parseGiven(text: string, name: string): Token {
  try {
    return parseTokenBlob(text, name)
  } catch {
    throw new StorageError('config', `the token given for "${name}" is damaged`, {
      details: { hint: 'Give all of what stands after "token = " in a config file, in quotes.' },
    })
  }
}
