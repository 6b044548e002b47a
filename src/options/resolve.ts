import { StorageError, messageOf } from '../core/errors.ts'
import { goQuote } from './go-syntax.ts'
import { configKey, envName, flagName, keyOfEnv } from './names.ts'
import type { Option, OptionSpecs, ValuesOf } from './option.ts'

/** A place where values may be found. */
export interface Lookup {
  /** The texts for an option, in the order given; undefined where this place says nothing. */
  find(key: string, option: Option<unknown>): readonly string[] | undefined
  /** Reads one text. @throws StorageError in the words that rclone has for this place */
  read(key: string, option: Option<unknown>, text: string): unknown
  /** What a list finds here is added to what the next place has. */
  readonly adds?: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The value of every option of `specs`: from the first lookup that has one, else its default. */
export function resolveOptions<S extends OptionSpecs>(specs: S, lookups: readonly Lookup[]): ValuesOf<S> {
  const values: Record<string, unknown> = {}
  for (const [key, option] of Object.entries(specs)) values[key] = resolveOption(key, option, lookups)
  if (!hasAll(specs, values)) throw new Error('an option was left out')
  return values
}

/** The keys of the options for which one of the lookups has something, be it their default. */
export function givenOptions(specs: OptionSpecs, lookups: readonly Lookup[]): ReadonlySet<string> {
  const isGiven = ([key, option]: [string, Option<unknown>]): boolean =>
    lookups.some((lookup) => lookup.find(key, option) !== undefined)
  return new Set(
    Object.entries(specs)
      .filter(isGiven)
      .map(([key]) => key),
  )
}

/** What the command line gave, by option key. */
export function flagLookup(given: ReadonlyMap<string, readonly string[]>, kind: FlagKind = 'global'): Lookup {
  return {
    adds: true,
    find: (key) => given.get(key),
    read: (key, option, text) => readFlag(flagName(key), option, text, kind),
  }
}

/** Flags of a command alone, and those of every command or of a remote, are read in different ways. */
export type FlagKind = 'command' | 'global'

/** The options of rclone stand in blocks, each of which is loaded by itself; --max-depth is a filter in help alone. */
function loading(key: string, { group }: Option<unknown>): string {
  const block = group === 'Filter' && key !== 'maxDepth' ? 'filter' : /^(?:log|syslog)/.test(key) ? 'log' : 'main'
  return `Failed to load "${block}" default values: failed to initialise "${block}" options: `
}

/** The environment for global options: `RCLONE_MAX_DEPTH` (rclone's surface 2.1). */
export function globalEnvironment(environment: Environment): Lookup {
  const found = textsByKey(environment)
  return {
    find: (key, option) => texts(key, option, found.get(key), loading(key, option)),
    read: (key, option, text) =>
      text === '' || option.type.native
        ? readVariable(key, option, text, 'global')
        : readStored(key, option, text, loading(key, option)),
  }
}

/** What variables say, by option key: there are few of them and hundreds of options. */
function textsByKey(environment: Environment): ReadonlyMap<string, string | undefined> {
  const variables = Object.keys(environment).map((name) => name.toUpperCase()) // on Windows they may have any case
  const ours = variables.filter((name) => name.startsWith('RCLONE_'))
  return new Map(ours.map((name) => [keyOfEnv(name), environment[name]]))
}

/** The environment for a command's own options, which has the same names and other words for a bad value. */
export function commandEnvironment(environment: Environment): Lookup {
  return {
    find: (key, option) => texts(key, option, environment[envName(flagName(key))]),
    read: (key, option, text) => readVariable(key, option, text, 'command'),
  }
}

function readVariable(key: string, option: Option<unknown>, text: string, kind: FlagKind): unknown {
  const flag = flagName(key)
  try {
    return readFlag(flag, option, text, kind)
  } catch (error) {
    const variable = `environment variable ${envName(flag)}=${goQuote(text)}`
    throw new StorageError('config', `Invalid value when setting --${flag} from ${variable}: ${messageOf(error)}`)
  }
}

/**
 * A place with one text for a key of the config: a connection string, the config file, or the environment of a remote.
 * @param get by the key in the config (`hard_delete`) and the option
 */
export function storedLookup(get: (key: string, option: Option<unknown>) => string | undefined): Lookup {
  return {
    find: (key, option) => texts(key, option, get(configKey(key), option)),
    read: (key, option, text) => readStored(key, option, text, ''),
  }
}

/**
 * Reads the text of a flag.
 * @param flag its long name
 * @throws StorageError 'usage': `invalid argument "10q" for "--max-size" flag: …`
 */
export function readFlag(flag: string, option: Option<unknown>, text: string, kind: FlagKind = 'global'): unknown {
  try {
    return (kind === 'global' ? option.type.parseStored?.(text) : undefined) ?? option.type.parse(text)
  } catch (error) {
    const name = option.short === undefined ? `--${flag}` : `-${option.short}, --${flag}`
    throw new StorageError('usage', `invalid argument ${goQuote(text)} for "${name}" flag: ${messageOf(error)}`)
  }
}

/** Every key is there, and each value was read by the type of its own option. */
function hasAll<S extends OptionSpecs>(specs: S, values: Readonly<Record<string, unknown>>): values is ValuesOf<S> {
  return Object.keys(specs).every((key) => key in values)
}

function readStored(key: string, option: Option<unknown>, text: string, before: string): unknown {
  try {
    return option.type.parseStored?.(text) ?? option.type.parse(text)
  } catch (error) {
    throw badItem(key, text, `${option.type.name}: ${messageOf(error)}`, before)
  }
}

function badItem(key: string, text: string, why: string, before: string): StorageError {
  const item = `couldn't parse config item ${goQuote(configKey(key))} = ${goQuote(text)}`
  return new StorageError('config', `${before}${item} as ${why}`)
}

function resolveOption(key: string, option: Option<unknown>, lookups: readonly Lookup[]): unknown {
  const lists: unknown[] = []
  for (const lookup of lookups) {
    const found = lookup.find(key, option)
    if (found === undefined) continue
    const values = found.map((text) => lookup.read(key, option, text))
    if (!option.type.combine) return values.at(-1)
    lists.unshift(...values)
    if (lookup.adds !== true) break
  }
  return lists.length > 0 ? option.type.combine?.(lists) : option.default
}

function texts(
  key: string,
  option: Option<unknown>,
  text: string | undefined,
  before = '',
): readonly string[] | undefined {
  if (text === undefined) return undefined
  try {
    return option.type.split?.(text) ?? [text]
  } catch (error) {
    throw badItem(key, text, `[]string: ${messageOf(error)}`, before)
  }
}
