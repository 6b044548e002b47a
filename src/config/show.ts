import { comparePaths } from '../core/path.ts'
import { configKey } from '../options/names.ts'
import type { Option } from '../options/option.ts'
import type { Environment } from '../options/resolve.ts'
import type { RemoteTableEntry } from '../remotes/index.ts'
import { optionsOfType } from './definitions.ts'
import type { ConfigFile } from './file.ts'
import { goJson } from '../options/go-json.ts'
import { formatIni } from './ini-text.ts'
import { findRemote, shownValue } from './remote-section.ts'
import { isPersonalKey, isSecretKey, withoutSecrets } from './secrets.ts'

/** What is shown, and where its options are declared. */
export interface ShowDeps {
  readonly config: ConfigFile
  readonly environment: Environment
  readonly table?: readonly RemoteTableEntry[]
}

/** `config show`: the file as it would be saved, its last line end included. */
export function showConfig({ config }: ShowDeps): string {
  if (config.ini.length > 0) return formatIni(config.ini)
  return config.path === undefined ? '{}' : `${emptyConfig}\n`
}

/**
 * `config show NAME`: the section's lines, passwords hidden, the environment before the file (docs: rclone's surface 7.4).
 * @param typed the name, also with a ':' at its end
 */
export async function showRemote(typed: string, deps: ShowDeps): Promise<readonly string[]> {
  return await shownLines(typed, deps, ({ value, spec }) => hiddenPassword(value, spec))
}

/** The lines of a section as they are shown after a change: its login is hidden, too. */
export async function describeRemote(typed: string, deps: ShowDeps): Promise<readonly string[]> {
  return await shownLines(typed, deps, ({ key, value, spec }) =>
    spec?.password !== true && isSecretKey(key) ? hidden(value) : hiddenPassword(value, spec),
  )
}

/** `config redacted`: every remote, or one, without what is secret or personal (docs: rclone's surface 7.4). */
export async function redactConfig(typed: string | undefined, deps: ShowDeps): Promise<readonly string[]> {
  const names = typed === undefined ? [...deps.config.names()].sort(comparePaths) : [typed]
  const sections =
    names.length === 0 ? [[emptyConfig]] : await Promise.all(names.map((name) => shownLines(name, deps, redacted)))
  const warning = '### Double check the config for sensitive info before posting publicly'
  return [...sections.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines])), warning]
}

const emptyConfig = '; empty config'

interface Shown {
  readonly key: string
  readonly value: string
  /** Undefined for keys that are no option. */
  readonly spec: Option<unknown> | undefined
}

async function shownLines(typed: string, deps: ShowDeps, show: (shown: Shown) => string): Promise<readonly string[]> {
  const name = typed.replace(/:$/, '')
  const type = findRemote(deps.config, deps.environment, name)?.type
  const specs = type === undefined ? undefined : await optionsOfType(type, deps.table)
  const trouble = type === undefined ? `couldn't find type of fs for "${name}"` : `didn't find backend called "${type}"`
  const byKey = new Map(Object.entries(specs ?? {}).map(([key, spec]) => [configKey(key), spec]))
  const lines = Object.entries(deps.config.get(name) ?? {}).map(([key, stored]) => {
    const value = shownValue(deps.environment, name, key, stored)
    return `${key} = ${show({ key, value, spec: byKey.get(key) })}`
  })
  return [`[${name}]`, ...(specs ? [] : [`# ${trouble}`]), ...lines]
}

function hidden(value: string): string {
  return value === '' ? '' : 'XXX'
}

function hiddenPassword(value: string, spec: Option<unknown> | undefined): string {
  return value !== '' && spec?.password === true ? '*** ENCRYPTED ***' : value
}

function redacted({ key, value, spec }: Shown): string {
  const known = spec?.password === true || spec?.sensitive === true
  return known || isSecretKey(key) || isPersonalKey(key) ? hidden(value) : withoutSecrets(value)
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
