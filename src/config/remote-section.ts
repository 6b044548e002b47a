import type { Environment } from '../options/resolve.ts'
import { remoteEnvName } from '../options/names.ts'
import type { ConfigFile } from './file.ts'

/** A remote as config file and environment define it. */
export interface RemoteSection {
  /** The section's name; of one that only the environment defines, in lower case. */
  readonly name: string
  readonly type: string
  readonly source: 'file' | 'environment'
  /** What the file has, overridden by the environment. */
  readonly values: Readonly<Record<string, string>>
  /** What the file alone has. */
  readonly stored: Readonly<Record<string, string>>
}

/**
 * The remote of that name; undefined where nothing gives it a type. A type in the environment counts before the file's, and
 * alone makes a remote, whose name may be typed in any case (docs: rclone's surface 3.3).
 */
export function findRemote(config: ConfigFile, environment: Environment, name: string): RemoteSection | undefined {
  const stored = storedValues(config, name)
  const given = environmentValues(environment, name, Object.keys(stored ?? {}))
  const values = { ...stored, ...given }
  if (!values['type']) return undefined
  return {
    name: stored ? name : name.toLowerCase(),
    type: values['type'],
    source: given['type'] === undefined ? 'file' : 'environment',
    values,
    stored: stored ?? {},
  }
}

/** What the section has; one named `a.b` has what `a` has, too, where both are there. */
function storedValues(config: ConfigFile, name: string): Readonly<Record<string, string>> | undefined {
  const own = config.get(name)
  const dot = name.lastIndexOf('.')
  return own && dot > 0 ? { ...storedValues(config, name.slice(0, dot)), ...own } : own
}

/** Every remote: those of the environment, then the file's in its order; a section without a type is none. */
export function allRemotes(config: ConfigFile, environment: Environment): readonly RemoteSection[] {
  const names = [...environmentNames(environment), ...config.names()]
  const sections = [...new Set(names)].map((name) => findRemote(config, environment, name))
  return sections.filter((section) => section !== undefined)
}

/** The value of a key that the file has, or what the environment puts in its place. */
export function shownValue(environment: Environment, section: string, key: string, stored: string): string {
  return environment[remoteEnvName(section, key)] || stored
}

function environmentNames(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const name = /^RCLONE_CONFIG_(.+)_TYPE$/.exec(variable)?.[1]
    return name !== undefined && value ? [name.toLowerCase()] : []
  })
}

// Variables are upper case and keys are lower, but for these (docs/protocol.md §2.8).
const mixedCaseKeys = ['tokenURL', 'configVersion']

function environmentValues(
  environment: Environment,
  name: string,
  storedKeys: readonly string[],
): Readonly<Record<string, string>> {
  const prefix = remoteEnvName(name, '')
  const spellings = new Map([...mixedCaseKeys, ...storedKeys].map((key) => [key.toUpperCase(), key]))
  const values: Record<string, string> = {}
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || !value) continue
    const key = variable.slice(prefix.length)
    values[spellings.get(key) ?? key.toLowerCase()] = value
  }
  return values
}
