import { StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import { configKey, envName, flagName, remoteEnvName } from '../options/names.ts'
import type { Option, OptionSpecs, ValuesOf } from '../options/option.ts'
import { type Environment, type Lookup, readFlag, resolveOptions, storedLookup } from '../options/resolve.ts'

/** Where the options of one remote may come from. */
export interface OptionSources {
  readonly type: string
  /** The remote's name, for RCLONE_CONFIG_NAME_KEY; undefined for one made on the fly. */
  readonly name: string | undefined
  /** The options in the connection string, by config key. */
  readonly parameters: Readonly<Record<string, string>>
  /** The texts of a flag, by the remote's type and the option's name in code. */
  readonly flags: (type: string, key: string) => string | readonly string[] | undefined
  readonly environment: Environment
  /** The section in the file. */
  readonly stored: Readonly<Record<string, string>>
}

/**
 * The values of a remote's options: connection string, flag, RCLONE_CONFIG_NAME_KEY, RCLONE_BACKEND_KEY, RCLONE_KEY, config
 * file, default; whichever has one first (docs: rclone's surface 3.3).
 * @throws StorageError 'config' or 'usage' for a bad value, in rclone's words; a secret is not shown
 */
export function optionsOf<S extends OptionSpecs>(specs: S, sources: OptionSources): ValuesOf<S> {
  return resolveOptions(specs, allPlaces(sources))
}

/** A line for each option that is not at its default: what it is, and where that comes from. A secret is not shown. */
export function explainOptions(specs: OptionSpecs, sources: OptionSources): readonly string[] {
  const owner = sources.name === undefined ? `:${sources.type}` : sources.name
  return Object.entries(specs).flatMap(([key, option]) => {
    const place = allPlaces(sources).find((one) => one.find(key, option) !== undefined)
    const texts = place?.find(key, option)
    if (!place || !texts) return []
    const isHidden = option.password === true || option.sensitive === true
    const value = isHidden ? 'XXX' : goQuote(texts.length > 1 ? texts.join(',') : (texts[0] ?? ''))
    return [`${owner}: ${configKey(key)} is ${value}, from ${place.from(key, option)}`]
  })
}

/**
 * The texts, by config key, of the options that the config file does not decide. A remote that has any is another than the one
 * in the config, and gets a suffix to its name.
 */
export function overridden(specs: OptionSpecs, sources: OptionSources): Readonly<Record<string, string>> {
  const lookups = overridingPlaces(sources)
  const found = Object.entries(specs).map(([key, option]): readonly [string, string | undefined] => [
    configKey(key),
    lookups.map((lookup) => lookup.find(key, option)?.at(-1)).find((text) => text !== undefined),
  ])
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== undefined))
}

/** A place that can be named. */
interface Place extends Lookup {
  readonly from: (key: string, option: Option<unknown>) => string
}

function allPlaces(sources: OptionSources): readonly Place[] {
  const inFile = stored((key) => sources.stored[key] || undefined)
  return [...overridingPlaces(sources), { ...inFile, from: () => 'the config file' }]
}

function overridingPlaces({ type, name, parameters, flags, environment }: OptionSources): readonly Place[] {
  const variable = (named: (key: string, option: Option<unknown>) => string | undefined): Place => ({
    ...stored((key, option) => {
      const found = named(key, option)
      return found === undefined ? undefined : environment[found] || undefined
    }),
    from: (key, option) => `the environment variable ${named(configKey(key), option) ?? ''}`,
  })
  return [
    {
      ...stored((key, { type: kind }) => {
        const typed = Object.hasOwn(parameters, key) ? parameters[key] : undefined
        return typed === '' && kind.name !== 'string' ? undefined : typed
      }),
      from: () => 'the connection string',
    },
    flagTexts(type, flags),
    variable((key) => (name === undefined ? undefined : remoteEnvName(name, key))),
    variable((key) => envName(`${type}-${key}`)),
    variable((_, { plainFlag }) => (plainFlag === undefined ? undefined : envName(plainFlag))),
  ]
}

function flagTexts(type: string, flags: OptionSources['flags']): Place {
  return {
    adds: true,
    find(key) {
      const texts = flags(type, key)
      return typeof texts === 'string' ? [texts] : texts
    },
    read: (key, option, text) => readFlag(flagName(key, type), option, text),
    from: (key) => `the flag --${flagName(key, type)}`,
  }
}

function stored(get: (key: string, option: Option<unknown>) => string | undefined): Lookup {
  const lookup = storedLookup(get)
  return {
    ...lookup,
    read(key, option, text) {
      if (!option.password && !option.sensitive) return lookup.read(key, option, text)
      try {
        return option.type.parse(text)
      } catch {
        const message = `couldn't parse config item "${configKey(key)}" = "XXX" as ${option.type.name}`
        throw new StorageError('config', message)
      }
    },
  }
}
