import { StorageError } from '../core/errors.ts'
import { requireRemoteName } from './remote-name.ts'

/** What a path argument names, before any config is looked at. */
export type TypedPath =
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'remote'
      /** A remote's name, or for a remote made on the fly its type. */
      readonly name: string
      readonly onTheFly: boolean
      /** Options for this use, in the order typed; of one given twice the last counts. */
      readonly parameters: Readonly<Record<string, string>>
      readonly path: string
    }

/**
 * Takes a path argument apart (docs: rclone's surface 3.1 and 3.2).
 * @throws StorageError 'config' in rclone's words
 */
export function parseTypedPath(typed: string, platform: NodeJS.Platform): TypedPath {
  if (typed === '') throw refused("can't use empty string as a path")
  const onTheFly = typed.startsWith(':')
  const from = onTheFly ? 1 : 0
  const length = typed.slice(from).search(/[:,/\\]/)
  if (length === -1 || !typed.includes(':')) {
    if (onTheFly) throw refused('config name needs a trailing `:`')
    return local(typed, platform)
  }
  const end = from + length
  const name = typed.slice(from, end)
  if (/[/\\]/.test(typed.charAt(end)) && !onTheFly) return local(typed, platform)
  if (platform === 'win32' && !onTheFly && /^[a-z]:/i.test(typed)) return local(typed, platform)
  requireName(name, typed, { next: typed.charAt(end), platform })
  const { parameters, at } = parseParameters(typed, end)
  return { kind: 'remote', name, onTheFly, parameters, path: slashed(typed.slice(at), platform) }
}

/** Options as a connection string has them, sorted: the same options always give the same text. */
export function formatParameters(parameters: Readonly<Record<string, string>>): string {
  const keys = Object.keys(parameters).sort()
  return keys.map((key) => `${key}='${(parameters[key] ?? '').replaceAll("'", "''")}'`).join(',')
}

function refused(message: string): StorageError {
  return new StorageError('config', message)
}

function local(path: string, platform: NodeJS.Platform): TypedPath {
  return { kind: 'local', path: slashed(path, platform) }
}

function slashed(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path
}

function requireName(
  name: string,
  typed: string,
  { next, platform }: { readonly next: string; readonly platform: NodeJS.Platform },
): void {
  if (typed === ':') throw refused('config name needs a trailing `:`')
  if (name === '' && /[:,]/.test(next)) throw refused("config name can't be empty")
  requireRemoteName(name, platform)
}

interface Parsed {
  readonly parameters: Readonly<Record<string, string>>
  /** Where the path starts. */
  readonly at: number
}

/** Reads `,name=value,…:` from its first character on. */
function parseParameters(typed: string, start: number): Parsed {
  const parameters = new Map<string, string>()
  let at = start
  while (typed.charAt(at) === ',') {
    const name = parameterName(typed, at + 1)
    at += 1 + name.length
    if (typed.charAt(at) !== '=') {
      parameters.set(name, 'true')
      continue
    }
    const { value, end } = parameterValue(typed, at + 1)
    parameters.set(name, value)
    at = end
  }
  return { parameters: Object.fromEntries(parameters), at: at + 1 }
}

function parameterName(typed: string, from: number): string {
  const name = /^[^=,:]*/.exec(typed.slice(from))?.[0] ?? ''
  if (!/^[0-9A-Za-z_.]*$/.test(name)) {
    throw refused('config parameters may only contain `0-9`, `A-Z`, `a-z`, `_` and `.`')
  }
  if (from + name.length >= typed.length) throw refused('config parameter must end with `,` or `:`')
  if (name === '') throw refused("config parameters can't be empty")
  return name
}

function parameterValue(typed: string, from: number): { readonly value: string; readonly end: number } {
  const quote = typed.charAt(from)
  if (quote === '"' || quote === "'") return quotedValue(typed, from, quote)
  const value = /^[^,:]*/.exec(typed.slice(from))?.[0] ?? ''
  const end = from + value.length
  if (end >= typed.length) throw refused('unquoted config value must end with `,` or `:`')
  return { value, end }
}

function quotedValue(typed: string, from: number, quote: string): { readonly value: string; readonly end: number } {
  let value = ''
  for (let at = from + 1; ;) {
    const close = typed.indexOf(quote, at)
    if (close === -1) throw refused('unterminated quoted config value')
    value += typed.slice(at, close)
    const after = typed.charAt(close + 1)
    if (after === ',' || after === ':') return { value, end: close + 1 }
    if (after !== quote) throw refused('expecting `:` or `,` or another quote after a quote')
    value += quote
    at = close + 2
  }
}
