import { createHash } from 'node:crypto'
import { posix, win32 } from 'node:path'
import type { Logger } from '../core/context.ts'
import type { HttpSettings, RemoteEnv } from '../core/env.ts'
import { StorageError } from '../core/errors.ts'
import { normalise, type Path } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import { withLayers } from '../layers/index.ts'
import { flagName } from '../options/names.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import type { Environment } from '../options/resolve.ts'
import { typedPath } from '../options/standard-names.ts'
import type { RemoteTableEntry } from '../remotes/index.ts'
import { formatParameters, parseTypedPath, type TypedPath } from './connection-string.ts'
import { aliasOptions, loadDefinition } from './definitions.ts'
import type { ConfigFile } from './file.ts'
import { explainOptions, type OptionSources, optionsOf, overridden } from './options-of.ts'
import { findRemote } from './remote-section.ts'
import { createTokenStore } from './token-store.ts'

/** What path arguments are opened with. */
export interface OpenDeps {
  readonly config: ConfigFile
  readonly environment: Environment
  /** The texts of a backend's flag, by its type and the option's name in code ('jottacloud', 'hardDelete'). */
  readonly flags: OptionSources['flags']
  readonly log: Logger
  /** `attempts` counts for whole operations too. */
  readonly http: HttpSettings
  readonly tempDir: string
  /**
   * What `http` and `tempDir` are with some global flags, by their config key, as `override.KEY` of a remote sets them; absent:
   * they cannot be set.
   */
  readonly settingsWith?: (overrides: Readonly<Record<string, string>>) => {
    readonly http: HttpSettings
    readonly tempDir: string | undefined
  }
  /** What no remote is to do by itself: names of rclone's features in small letters. */
  readonly disabled?: ReadonlySet<string>
  /** What earlier runs have left, for remotes. */
  readonly remembered?: RemoteEnv['remembered']
  readonly signal: AbortSignal
  readonly now: () => number
  readonly cwd: string
  readonly platform: NodeJS.Platform
  readonly opened: OpenedRemotes
  /** As in {@link RemoteEnv}. */
  readonly refreshHelper?: readonly string[] | undefined
  /** The kinds of remotes; fjord's own where absent. */
  readonly table?: readonly RemoteTableEntry[]
}

/** What has been opened in this run, so that one name with the same options is one object. */
export interface OpenedRemotes {
  readonly remotes: Map<string, Promise<Remote>>
  /** Local paths that were said to be like a remote's name. */
  readonly noticed: Set<string>
  /** Changes of tokens that are under way: a program does not end before they have. */
  readonly renewals: Set<Promise<unknown>>
}

/** Nothing opened yet. */
export function nothingOpened(): OpenedRemotes {
  return { remotes: new Map(), noticed: new Set(), renewals: new Set() }
}

/** Closes every remote that has been opened. */
export async function closeRemotes({ remotes }: OpenedRemotes): Promise<void> {
  const opened = await Promise.allSettled(remotes.values())
  remotes.clear()
  for (const result of opened) if (result.status === 'fulfilled') await result.value.close?.()
}

/**
 * The place that a path argument names: a remote of the config or the environment, one made on the fly, or a local path
 * (docs: rclone's surface 3). Nothing is looked at there yet.
 * @throws StorageError in rclone's words; the caller puts `Failed to create file system for "TYPED": ` before them
 */
export async function openLocation(typed: string, deps: OpenDeps): Promise<Location> {
  const parsed = parseTypedPath(typed, deps.platform)
  await deps.config.refresh()
  if (parsed.kind === 'local') noticeRemoteName(parsed.path, deps)
  return await open(parsed, [], deps)
}

function noticeRemoteName(path: string, { config, environment, log, opened }: OpenDeps): void {
  if (opened.noticed.has(path) || !findRemote(config, environment, path)) return
  opened.noticed.add(path)
  const notice = `"${path}" refers to a local folder, use "${path}:" to refer to your remote or "./${path}" to hide this warning`
  log.log({ level: 'NOTICE', text: notice })
}

/** @param aliases those that led here, to notice when they go round in circles */
async function open(typed: TypedPath, aliases: readonly string[], deps: OpenDeps): Promise<Location> {
  const wanted = typed.kind === 'local' ? localPath : wantedRemote(typed, deps)
  if (wanted.sources.type === 'alias') return await followAlias(typed.path, wanted, { aliases, deps })
  const definition = await loadDefinition(wanted.sources.type, deps.table)
  const isLocal = wanted.sources.type === 'local'
  const meant = typedPath(typed.path)
  const { path, section } = isLocal ? onDisk(meant, deps) : { path: normalise(meant), section: wanted.values }
  return { remote: await openOnce(definition, { ...wanted, values: section }, deps), path }
}

/** A remote that is to be opened. */
interface Wanted {
  /** As shown in messages. */
  readonly name: string
  /** The section for its token; undefined where it has none. */
  readonly section: string | undefined
  /** Keys and values of section, environment and connection string. */
  readonly values: Readonly<Record<string, string>>
  readonly sources: Omit<OptionSources, 'flags' | 'environment'>
  /** A token that does not come from the file. */
  readonly token?: string | undefined
}

const localPath: Wanted = {
  name: 'local',
  section: undefined,
  values: {},
  sources: { type: 'local', name: undefined, parameters: {}, stored: {} },
}

function wantedRemote(typed: Extract<TypedPath, { kind: 'remote' }>, { config, environment }: OpenDeps): Wanted {
  const { name, parameters } = typed
  if (typed.onTheFly) {
    const sources = { type: name, name: undefined, parameters, stored: {} }
    return { name: `:${name}`, section: undefined, values: parameters, sources }
  }
  const found = findRemote(config, environment, name)
  if (!found) throw new StorageError('config', `didn't find section in config file ("${name}")`)
  const sources = { type: found.type, name, parameters, stored: found.stored }
  return { name, section: found.name, values: { ...found.values, ...parameters }, sources }
}

interface OnTheWay {
  readonly aliases: readonly string[]
  readonly deps: OpenDeps
}

/** docs: rclone's surface 8.2, alias. */
async function followAlias(path: string, wanted: Wanted, { aliases, deps }: OnTheWay): Promise<Location> {
  const check = 'check the value of the remote setting'
  const { remote } = optionsOf(aliasOptions, { ...wanted.sources, ...deps })
  if (remote === '') throw new StorageError('config', `alias can't point to an empty remote - ${check}`)
  const here = `${wanted.section ?? ''},${formatParameters(wanted.sources.parameters)}`
  if (aliases.includes(here)) throw new StorageError('config', `can't point alias remote at itself - ${check}`)
  const target = parseTypedPath(remote, deps.platform)
  // '..' does not lead out of what the alias stands for.
  const inside = normalise(path)
  return await open(
    inside === '' ? target : { ...target, path: posix.join(target.path, inside) },
    [...aliases, here],
    deps,
  )
}

/** Where a local path is, and what it is shown relative to (docs: rclone's surface 3.4). */
function onDisk(path: string, { cwd, platform }: OpenDeps): { path: Path; section: Record<string, string> } {
  const system = platform === 'win32' ? win32 : posix
  const absolute = system.resolve(cwd, path).replaceAll(system.sep, '/')
  const display: Record<string, string> = system.isAbsolute(path) ? {} : { display_from: cwd }
  return { path: platform === 'win32' ? absolute.replace(/\/$/, '') : absolute.slice(1), section: display }
}

function openOnce(definition: RemoteDefinition, wanted: Wanted, deps: OpenDeps): Promise<Remote> {
  const sources: OptionSources = { ...wanted.sources, flags: deps.flags, environment: deps.environment }
  const changed = overridden(definition.options, sources)
  const parameters = { ...changed, ...sources.parameters }
  const key = JSON.stringify([
    wanted.section ?? wanted.name,
    definition.type,
    formatParameters(parameters),
    wanted.values['display_from'],
  ])
  const known = deps.opened.remotes.get(key)
  if (known) return known
  const token = changed['token'] ?? elsewhere(wanted, 'token')
  const opening = openRemote(definition, { ...wanted, name: wanted.name + suffix(changed), token }, deps)
  deps.opened.remotes.set(key, opening)
  void opening.catch(() => deps.opened.remotes.delete(key))
  return opening
}

/** The value of a key that is no option, where it is not the file's. */
function elsewhere({ values, sources }: Wanted, key: string): string | undefined {
  return values[key] === sources.stored[key] ? undefined : values[key]
}

/** rclone's mark of a remote that is not as the config has it: `{` and five characters `}` (docs: rclone's surface 3.2). */
function suffix(changed: Readonly<Record<string, string>>): string {
  if (Object.keys(changed).length === 0) return ''
  return `{${createHash('md5').update(formatParameters(changed)).digest('base64url').slice(0, 5)}}`
}

/**
 * Says which options of rclone's mean nothing here, and refuses those whose effect is not there.
 * @throws StorageError 'config'
 */
function checkEffects(
  { type: backend, options: specs }: RemoteDefinition,
  values: Readonly<Record<string, unknown>>,
  log: Logger,
): void {
  for (const [key, { effect, type, default: fallback }] of Object.entries(specs)) {
    if (effect === undefined || type.format(values[key]) === type.format(fallback)) continue
    const name = flagName(key, backend)
    if (effect === 'missing') throw new StorageError('config', `--${name} is not supported yet`)
    log.log({ level: 'INFO', text: `--${name} has no effect in fjord` })
  }
}

async function openRemote(definition: RemoteDefinition, wanted: Wanted, deps: OpenDeps): Promise<Remote> {
  const { log, remembered, signal, now, refreshHelper } = deps
  const { http, tempDir } = settingsOf(wanted, deps)
  const sources = { ...wanted.sources, ...deps }
  const lines = log.enabled('DEBUG') ? explainOptions(definition.options, sources) : []
  for (const text of lines) log.log({ level: 'DEBUG', text })
  const options = optionsOf(definition.options, sources)
  checkEffects(definition, options, log)
  const hasLogin = definition.login !== undefined || definition.conversation !== undefined
  const tokens = hasLogin
    ? createTokenStore({
        ...deps,
        section: wanted.section,
        name: wanted.name,
        given: wanted.token,
        renewals: deps.opened.renewals,
      })
    : undefined
  const env: RemoteEnv = { log, http, tempDir, remembered, signal, now, tokens, refreshHelper }
  const remote = await definition.open(wanted.name, options, env, wanted.values)
  return withLayers(remote, { log, attempts: http.attempts, disabled: deps.disabled })
}

/** Global flags that count for one remote alone: `override.KEY`, from a connection string or the config. */
function settingsOf({ values }: Wanted, deps: OpenDeps): Pick<OpenDeps, 'http' | 'tempDir'> {
  const prefix = 'override.'
  const given = Object.entries(values).filter(([key]) => key.startsWith(prefix))
  if (given.length === 0 || !deps.settingsWith) return deps
  const overrides = Object.fromEntries(given.map(([key, value]) => [key.slice(prefix.length), value]))
  const { http, tempDir } = deps.settingsWith(overrides)
  return { http, tempDir: tempDir ?? deps.tempDir }
}
