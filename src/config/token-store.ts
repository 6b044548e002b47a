import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Token, TokenStore } from '../core/token.ts'
import { type FileCalls, followLinks, replaceFile, systemCode } from '../util/atomic-file.ts'
import { fileError, systemReason } from './file-error.ts'
import type { ConfigFile, LockedConfig } from './file.ts'
import { findSection, expandedValues, type Ini, setKeys } from './ini.ts'
import { hashedName } from './places.ts'
import { formatTokenBlob, parseTokenBlob } from '../core/token-blob.ts'

export interface TokenStoreOptions {
  readonly config: ConfigFile
  /** The remote's section, where its token is to be stored; undefined for a remote made on the fly. */
  readonly section: string | undefined
  /** What the login is called in messages. */
  readonly name: string
  /** A token from the environment or a connection string, as JSON: it cannot be changed where it came from. */
  readonly given?: string | undefined
  readonly log: Logger
  /** Ends the wait for the lock, nothing else. */
  readonly signal?: AbortSignal | undefined
  /** For tests. */
  readonly calls?: FileCalls
}

/**
 * The token of one login, kept in its config section. Where the config cannot be written, and for tokens that came from
 * elsewhere, the renewed one is kept in the state folder too; of several the one that expires last counts. If neither place
 * takes it, an ERROR is logged, this process goes on with it and tries again to store it; but where nothing can be locked
 * nothing is renewed, since a login whose renewal is lost is lost.
 */
export function createTokenStore(options: TokenStoreOptions): TokenStore {
  const { config } = options
  const kept = createKeptToken(options)
  let unsaved: Token | undefined

  const current = async (ini: Ini): Promise<Token> => {
    const tokens = [storedToken(ini, options), await kept.read(), givenToken(options), unsaved]
    const newest = tokens.reduce((best, token) => (token && (!best || token.expiry > best.expiry) ? token : best))
    if (newest) return newest
    throw new StorageError('auth', `empty token found - please run "rclone config reconnect ${options.name}:"`)
  }

  const store = async (held: LockedConfig, token: Token): Promise<void> => {
    const failures: unknown[] = []
    for (const attempt of [() => storeInConfig(held, token, options, kept), () => kept.write(token)]) {
      try {
        if (!(await attempt())) continue
        unsaved = undefined
        await kept.tell(failures[0])
        return
      } catch (error) {
        failures.push(error)
      }
    }
    unsaved = token
    options.log.log({ level: 'ERROR', text: unsavedText(options, failures) })
  }

  return {
    async read() {
      await config.refresh()
      return await current(config.ini)
    },
    update: (change) =>
      config.locked(
        async (held) => {
          const before = await current(held.ini)
          const after = await change(before)
          if (unsaved || !isSame(before, after)) await store(held, after)
          return after
        },
        { signal: options.signal },
      ),
  }
}

/** Removes what the state folder has kept for a section, which has got a new login. */
export async function forgetKeptToken(config: ConfigFile, section: string): Promise<void> {
  await unlink(await keptPath(config, section)).catch(ignoreAbsent)
}

// The key in a section that says which given token the stored one was renewed from. rclone ignores it.
const originKey = 'token_from'

function storedToken(ini: Ini, options: TokenStoreOptions): Token | undefined {
  const section = options.section === undefined ? undefined : findSection(ini, options.section)
  const values = section && expandedValues(ini, section)
  const blob = values?.['token']
  if (!blob || (originOf(options) !== undefined && values[originKey] !== originOf(options))) return undefined
  return parseTokenBlob(blob, options.name)
}

function givenToken({ given, name }: TokenStoreOptions): Token | undefined {
  return given ? parseTokenBlob(given, name) : undefined
}

/** Ties what was renewed to the token it was renewed from: another given token may be another account. */
function originOf(options: TokenStoreOptions): string | undefined {
  const token = givenToken(options)
  return token && hashedName(token.refreshToken)
}

async function storeInConfig(
  held: LockedConfig,
  token: Token,
  options: TokenStoreOptions,
  kept: KeptToken,
): Promise<boolean> {
  const { config, section } = options
  if (config.path === undefined || section === undefined) return false
  const origin = originOf(options)
  const keys = { token: formatTokenBlob(token), ...(origin !== undefined && { [originKey]: origin }) }
  await held.replace(setKeys(held.ini, section, keys))
  await kept.remove()
  return true
}

interface KeptToken {
  read(): Promise<Token | undefined>
  write(token: Token): Promise<boolean>
  remove(): Promise<void>
  /** Says once why the token is not in the config, if that failed. */
  tell(failure: unknown): Promise<void>
}

function createKeptToken(options: TokenStoreOptions): KeptToken {
  const { config, name, log, calls } = options
  const place = (): Promise<string> => keptPath(config, options.section ?? '', originOf(options))
  let told = false
  return {
    async read() {
      const text = await readFile(await place(), 'utf8').catch(ignoreAbsent)
      return text === undefined ? undefined : parseTokenBlob(text, name)
    },
    async write(token) {
      const path = await place()
      try {
        await replaceFile(path, formatTokenBlob(token), { mode: 0o600, ...(calls && { calls }) })
      } catch (error) {
        throw fileError(error, `could not write "${path}"`)
      }
      return true
    },
    async remove() {
      await unlink(await place()).catch(() => undefined)
    },
    async tell(failure) {
      if (failure === undefined || told) return
      told = true
      const reason = systemReason(failure instanceof StorageError ? failure.cause : failure)
      const text = `Config file "${config.path ?? ''}" cannot be written (${reason}): the renewed login of "${name}" is kept in "${await place()}"`
      log.log({ level: 'NOTICE', text })
    },
  }
}

async function keptPath(config: ConfigFile, section: string, origin = ''): Promise<string> {
  const file = config.path === undefined ? '' : await followLinks(config.path)
  return join(config.stateDir, 'tokens', `${hashedName(file, section, origin)}.json`)
}

function ignoreAbsent(error: unknown): undefined {
  if (!['ENOENT', 'EACCES'].includes(systemCode(error) ?? '')) throw error
}

function unsavedText({ name, config }: TokenStoreOptions, failures: readonly unknown[]): string {
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)))
  return `The renewed login of "${name}" could not be stored (${reasons.join('; ')}): free some space or make "${config.path ?? config.stateDir}" writable before this program ends, or log in again afterwards`
}

function isSame(a: Token, b: Token): boolean {
  return (
    a.accessToken === b.accessToken &&
    a.refreshToken === b.refreshToken &&
    a.expiry === b.expiry &&
    a.tokenType === b.tokenType
  )
}
