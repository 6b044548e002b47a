import { comparePaths } from '../core/path.ts'
import { configKey } from '../options/names.ts'
import type { OptionSpecs } from '../options/option.ts'
import type { Environment } from '../options/resolve.ts'
import type { RemoteTableEntry } from '../remotes/index.ts'
import { optionsOfType } from './definitions.ts'
import type { ConfigFile } from './file.ts'
import { goJson } from '../options/go-json.ts'
import { formatIni } from './ini-text.ts'
import { findRemote, shownValue } from './remote-section.ts'

/** What is shown, and where its options are declared. */
export interface ShowDeps {
  readonly config: ConfigFile
  readonly environment: Environment
  readonly table?: readonly RemoteTableEntry[]
}

/** `config show`: the file as it would be saved, its last line end included. */
export function showConfig({ config }: ShowDeps): string {
  return formatIni(config.ini) || '; empty config\n'
}

/**
 * `config show NAME`: the section's lines, passwords hidden, the environment before the file (docs: rclone's surface 7.4).
 * @param typed the name, also with a ':' at its end
 */
export async function showRemote(typed: string, deps: ShowDeps): Promise<readonly string[]> {
  const name = typed.replace(/:$/, '')
  const type = findRemote(deps.config, deps.environment, name)?.type
  const specs = type === undefined ? undefined : await optionsOfType(type, deps.table)
  const trouble = type === undefined ? `couldn't find type of fs for "${name}"` : `didn't find backend called "${type}"`
  const lines = Object.entries(deps.config.get(name) ?? {}).map(([key, stored]) => {
    const value = shownValue(deps.environment, name, key, stored)
    return `${key} = ${value !== '' && isPassword(specs, key) ? '*** ENCRYPTED ***' : value}`
  })
  return [`[${name}]`, ...(specs ? [] : [`# ${trouble}`]), ...lines]
}

/** `config dump`: JSON with four spaces, sections and keys sorted, the environment before the file, no line end. */
export function dumpConfig({ config, environment }: ShowDeps): string {
  const sections = [...config.names()].sort(comparePaths).map((name) => {
    const keys = Object.entries(config.get(name) ?? {}).sort(([a], [b]) => comparePaths(a, b))
    const lines = keys.map(([key, value]) => `${goJson(key)}: ${goJson(shownValue(environment, name, key, value))}`)
    return `${goJson(name)}: ${jsonObject(lines, '    ')}`
  })
  return jsonObject(sections, '')
}

/** Written by hand: an object of JavaScript would put keys that are numbers first. */
function jsonObject(members: readonly string[], margin: string): string {
  if (members.length === 0) return '{}'
  return `{\n${members.map((member) => `${margin}    ${member}`).join(',\n')}\n${margin}}`
}

function isPassword(specs: OptionSpecs | undefined, key: string): boolean {
  return Object.entries(specs ?? {}).some(([name, { password }]) => password === true && configKey(name) === key)
}
