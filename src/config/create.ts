import { StorageError } from '../core/errors.ts'
import { configKey } from '../options/names.ts'
import type { OptionSpecs } from '../options/option.ts'
import type { LoginResult, RemoteDefinition } from '../options/remote-definition.ts'
import { aliasOptions, loadDefinition } from './definitions.ts'
import { clearSection, type Ini, setKeys } from './ini.ts'
import { isObscured, obscure } from '../options/obscure.ts'
import type { OpenDeps } from './open.ts'
import { optionsOf } from './options-of.ts'
import { requireRemoteName } from './remote-name.ts'
import { formatTokenBlob } from '../core/token-blob.ts'
import { forgetKeptToken } from './token-store.ts'

/** Keys and values as typed; keys that begin with `config_` are answers and are not saved. */
export type Answers = Readonly<Record<string, string>>

export interface CreateOptions {
  /** 'auto': a password that can be revealed is taken for an obscured one (docs: rclone's surface 7.4). */
  readonly obscure?: 'auto' | 'always' | 'never'
}

/**
 * The arguments `k v` and `k=v` of `config create` and `config update`.
 * @throws StorageError 'usage' in rclone's words
 */
export function parseAnswers(args: readonly string[]): Answers {
  const answers: Record<string, string> = {}
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const equals = arg.indexOf('=')
    const value = equals === -1 ? args[++at] : arg.slice(equals + 1)
    if (value === undefined) throw new StorageError('usage', 'found key without value')
    answers[equals === -1 ? arg : arg.slice(0, equals)] = value
  }
  return answers
}

/**
 * Makes a remote, or replaces the one of that name: logs in where the answers ask for it, then saves everything at once.
 * @throws StorageError 'usage' for a bad name or an unknown type; whatever the login throws, the config then unchanged
 */
export async function createRemote(
  remote: { readonly name: string; readonly type: string; readonly answers: Answers },
  deps: OpenDeps,
  options: CreateOptions = {},
): Promise<void> {
  requireRemoteName(remote.name, deps.platform)
  const change = { ...remote, stored: {}, from: (ini: Ini) => clearSection(ini, remote.name) }
  await save(change, deps, options)
}

/**
 * Changes keys of a remote and keeps the rest; logs in again where the answers ask for it.
 * @throws StorageError 'usage' in rclone's words where there is no such remote
 */
export async function updateRemote(
  remote: { readonly name: string; readonly answers: Answers },
  deps: OpenDeps,
  options: CreateOptions = {},
): Promise<void> {
  await deps.config.refresh()
  const stored = deps.config.get(remote.name)
  const type = stored?.['type']
  if (!type) throw new StorageError('usage', "couldn't find type field in config")
  await save({ ...remote, type, stored, from: (ini) => ini }, deps, options)
}

interface Change {
  readonly name: string
  readonly type: string
  readonly answers: Answers
  /** What the section had and keeps. */
  readonly stored: Readonly<Record<string, string>>
  /** The file that the keys are put into. */
  readonly from: (ini: Ini) => Ini
}

async function save(change: Change, deps: OpenDeps, options: CreateOptions): Promise<void> {
  const { name, type, answers } = change
  const definition = type === 'alias' ? undefined : await knownDefinition(type, deps)
  const keys = storedKeys(answers, definition?.options ?? aliasOptions, options)
  const login = definition && (await logIn({ ...change, keys }, definition, deps))
  const token: Answers = login ? { token: formatTokenBlob(login.token) } : {}
  await deps.config.edit((ini) => setKeys(change.from(ini), name, { type, ...keys, ...login?.keys, ...token }))
  if (login || keys['token']) await forgetKeptToken(deps.config, name)
}

async function knownDefinition(type: string, { table }: OpenDeps): Promise<RemoteDefinition> {
  try {
    return await loadDefinition(type, table)
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'unsupported') throw error
    throw new StorageError('usage', error.message, { cause: error, details: error.details })
  }
}

function storedKeys(answers: Answers, specs: OptionSpecs, { obscure: how = 'auto' }: CreateOptions): Answers {
  const passwords = new Set(
    Object.keys(specs)
      .filter((key) => specs[key]?.password)
      .map(configKey),
  )
  const stored = Object.entries(answers).filter(([key]) => !key.startsWith('config_'))
  return Object.fromEntries(
    stored.map(([key, value]) => {
      const plain = how === 'always' || (how === 'auto' && !isObscured(value))
      return [key, passwords.has(key) && value !== '' && plain ? obscure(value) : value]
    }),
  )
}

async function logIn(
  { name, type, answers, stored, keys }: Change & { readonly keys: Answers },
  definition: RemoteDefinition,
  deps: OpenDeps,
): Promise<LoginResult | undefined> {
  if (!definition.login || answers['config_refresh_token'] === 'false') return undefined
  await requireWritable(deps)
  const { log, http, tempDir, signal, now, flags, environment } = deps
  const options = optionsOf(definition.options, { type, name, parameters: keys, flags, environment, stored })
  return await definition.login({ ...stored, ...answers }, options, { log, http, tempDir, signal, now })
}

/** A login can be made only once with what the user has at hand: that it can be stored is found out before. */
async function requireWritable({ config }: OpenDeps): Promise<void> {
  if (config.path !== undefined) await config.locked(({ ini, replace }) => replace(ini))
}
