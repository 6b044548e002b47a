import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { formatTokenBlob, parseTokenBlob } from '../core/token-blob.ts'
import { logInAgain } from '../core/log-in-again.ts'
import type { Token, TokenStore } from '../core/token.ts'
import type { FileCalls } from '../util/atomic-file.ts'
import { systemReason } from './file-error.ts'
import type { ConfigFile, LockedConfig } from './file.ts'
import { createGivenTokenStore } from './given-token-store.ts'
import { expandedValues, findSection, type Ini, setKeys } from './ini.ts'
import { createKeptToken, filesOfSection, type KeptToken, keptPathOfSection } from './kept-token.ts'
import { createRenewalMark, type RenewalMark } from './renewal-mark.ts'
import { nowhereToStore, renew } from './renewing.ts'

export interface TokenStoreOptions {
  readonly config: ConfigFile
  /** The remote's section, where its token is to be stored; undefined for a remote made on the fly. */
  readonly section: string | undefined
  /** What the login is called in messages. */
  readonly name: string
  /** A token from a flag, a connection string or the environment, as JSON: it cannot be changed where it came from. */
  readonly given?: string | undefined
  readonly log: Logger
  /** Ends the wait for the lock, nothing else. */
  readonly signal?: AbortSignal | undefined
  /** Updates that are under way, for who waits for them before the program ends. */
  readonly renewals?: Set<Promise<unknown>> | undefined
  /** For tests. */
  readonly calls?: FileCalls
}

/**
 * The token of one login, kept in its config section; one that was given otherwise, in the state folder under the given one.
 * Where the config cannot be written the renewed token goes to the state folder, under the one in the config, and is found
 * there again. If neither place takes it, an ERROR is logged, this process goes on with it and tries again to store it; but
 * where that can be seen before, nothing is renewed, since a login whose renewal is lost is lost.
 */
export function createTokenStore(options: TokenStoreOptions): TokenStore {
  const { given, renewals } = options
  const store = given ? createGivenTokenStore(given, options) : createSectionTokenStore(options)
  return {
    given: store.given ?? false,
    read: () => store.read(),
    update(change) {
      const work = store.update(change)
      const settled = work.catch(() => undefined)
      renewals?.add(settled)
      void settled.then(() => renewals?.delete(settled))
      return work
    },
  }
}

/** Removes what the state folder has kept for a section, which has got a new login. */
export async function forgetKeptToken(config: ConfigFile, section: string): Promise<void> {
  const files = await filesOfSection(config, section)
  const names = await readdir(dirname(files)).catch(() => [])
  const kept = names.filter((name) => name.startsWith(`${basename(files)}-`))
  for (const name of kept) await rm(join(dirname(files), name), { force: true })
}

function createSectionTokenStore(options: TokenStoreOptions): TokenStore {
  const { config, section = '', name, log, calls, signal } = options
  const placesFor = async (ini: Ini): Promise<Places> => {
    const files = await filesOfSection(config, section)
    const stored = storedToken(ini, options)
    const kept = createKeptToken(await keptPathOfSection(files, stored), name, calls)
    return { stored, kept, mark: createRenewalMark(files, calls) }
  }
  /** By the path where it would be kept. */
  const unsaved = new Map<string, Token>()
  let told = false
  let moved = false

  const current = async ({ stored, kept }: Places): Promise<Token> => {
    const token = unsaved.get(kept.path) ?? (await kept.read()) ?? stored
    if (token) return token
    throw new StorageError('auth', `empty token found - please ${logInAgain(name)}`)
  }

  const tell = (failure: unknown, { path }: KeptToken): void => {
    if (told) return
    told = true
    const reason = systemReason(failure instanceof StorageError ? failure.cause : failure)
    const text = `Config file "${config.path ?? ''}" cannot be written (${reason}): the renewed login of "${name}" is kept in "${path}"`
    log.log({ level: 'NOTICE', text })
  }

  const store = async (held: LockedConfig, kept: KeptToken, token: Token): Promise<void> => {
    const failures: unknown[] = []
    try {
      if (await storeInConfig(held, token, options)) {
        unsaved.clear()
        await kept.remove()
        return
      }
    } catch (error) {
      failures.push(error)
    }
    try {
      await kept.write(token)
      unsaved.clear()
      if (failures.length > 0) tell(failures[0], kept)
    } catch (error) {
      unsaved.set(kept.path, token)
      log.log({ level: 'ERROR', text: unsavedText(options, [...failures, error]) })
    }
  }

  const probe = async (held: LockedConfig, error: unknown): Promise<void> => {
    if (config.path === undefined || options.section === undefined) throw nowhereToStore(name, error)
    await held.replace(held.ini).catch((failure: unknown) => {
      throw nowhereToStore(name, failure)
    })
  }

  const putBack = async (held: LockedConfig): Promise<void> => {
    const places = await placesFor(held.ini)
    // A helper of a killed process leaves its token under the one in the config
    if ((await places.mark.find(await current(places)))?.goesOn) return
    if (!(await places.kept.read()) || !(await storeInConfig(held, await current(places), options))) return
    unsaved.clear()
    await places.kept.remove()
  }

  /** What was kept elsewhere goes back where other programs look for it, once it can. */
  const moveBack = async (seen: Places): Promise<Places> => {
    if (moved || !(await seen.kept.read())) return seen
    moved = true
    await config.locked(putBack, { signal }).catch(() => signal?.throwIfAborted())
    return await placesFor(config.ini)
  }

  return {
    async read() {
      await config.refresh()
      return await current(await moveBack(await placesFor(config.ini)))
    },
    update: (change) =>
      config.locked(
        async (held) => {
          const places = await placesFor(held.ini)
          const { kept, mark } = places
          return await renew(
            {
              read: () => current(places),
              leaveAt: kept.path,
              store: (token) => store(held, kept, token),
              misplaced: async () => unsaved.size > 0 || (await kept.read()) !== undefined,
              mark,
              probe: (error) => probe(held, error),
            },
            change,
          )
        },
        { signal },
      ),
  }
}

/** Where the token of the section is, and the files that stand for it. */
interface Places {
  readonly stored: Token | undefined
  readonly kept: KeptToken
  readonly mark: RenewalMark
}

function storedToken(ini: Ini, { section: name, name: owner }: TokenStoreOptions): Token | undefined {
  const section = name === undefined ? undefined : findSection(ini, name)
  const blob = section && expandedValues(ini, section)['token']
  return blob ? parseTokenBlob(blob, owner) : undefined
}

async function storeInConfig(held: LockedConfig, token: Token, o: TokenStoreOptions): Promise<boolean> {
  if (o.config.path === undefined || o.section === undefined) return false
  await held.replace(setKeys(held.ini, o.section, { token: formatTokenBlob(token) }))
  return true
}

function unsavedText({ name, config }: TokenStoreOptions, failures: readonly unknown[]): string {
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)))
  return `The renewed login of "${name}" could not be stored (${reasons.join('; ')}): free some space or make "${config.path ?? config.stateDir}" writable before this program ends, or log in again afterwards`
}
