import { globalOptions } from '../options/common.ts'
import type { GlobalOptions } from '../options/common.ts'
import { loggingOptions } from '../options/common/logging.ts'
import type { OptionSpecs, ValuesOf } from '../options/option.ts'
import {
  commandEnvironment,
  flagLookup,
  givenOptions,
  globalEnvironment,
  resolveOptions,
  storedLookup,
} from '../options/resolve.ts'
import type { Environment } from '../options/resolve.ts'
import type { Command } from './command.ts'
import type { Scope } from './flags.ts'
import type { ParsedLine } from './parse.ts'

/** The options of a run. */
export interface RunValues {
  readonly global: GlobalOptions
  readonly options: ValuesOf<OptionSpecs>
  /** The texts of the flags on the command line. */
  readonly flags: (scope: Scope, key: string) => readonly string[] | undefined
  /** The global options that are set anywhere, to their default or to another value. */
  readonly given: ReadonlySet<string>
}

/**
 * Finds the options of a run: connection strings, command line, environment, default (rclone's surface 2.1, 3.2).
 * @param typed global flags that connection strings and config sections set, by their config key
 * @throws StorageError 'config' for a bad value in the environment or in `typed`
 */
export function readValues(
  command: Command,
  line: ParsedLine,
  environment: Environment,
  typed: Readonly<Record<string, string>> = {},
): RunValues {
  const places = storedLookup((key) => (Object.hasOwn(typed, key) ? typed[key] : undefined))
  const none: ReadonlyMap<string, readonly string[]> = new Map()
  const lookup = (scope: Scope) => flagLookup(line.given.get(scope) ?? none, scope === 'command' ? 'command' : 'global')
  const elsewhere = Object.keys(typed).length === 0 ? [] : [places]
  const lookups = [...elsewhere, lookup('global'), globalEnvironment(environment)]
  return {
    global: resolveOptions(globalOptions, lookups),
    given: givenOptions(globalOptions, lookups),
    options: resolveOptions(command.options, [lookup('command'), commandEnvironment(environment)]),
    flags: (scope, key) => line.given.get(scope)?.get(key),
  }
}

/** Whether the environment names a log level that there is: rclone ends without a word where it does not. */
export function hasGoodLogLevel(environment: Environment): boolean {
  try {
    resolveOptions({ logLevel: loggingOptions.logLevel }, [globalEnvironment(environment)])
    return true
  } catch {
    return false
  }
}
