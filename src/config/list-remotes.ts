import { Buffer } from 'node:buffer'
import { StorageError } from '../core/errors.ts'
import { comparePaths } from '../core/path.ts'
import type { Environment } from '../options/resolve.ts'
import type { ConfigFile } from './file.ts'
import { goJson } from '../options/go-json.ts'
import { allRemotes } from './remote-section.ts'

/** A remote as `listremotes` shows it; the order of the fields is that of its JSON. */
export interface ListedRemote {
  readonly name: string
  readonly type: string
  readonly source: 'file' | 'environment'
  readonly description: string
}

/** A test of one text, such as a glob. */
export type Matcher = (text: string) => boolean

/** What remotes are wanted: all tests must hold; `any` holds when one of the fields matches. */
export interface RemoteFilter {
  readonly any?: Matcher | undefined
  readonly name?: Matcher | undefined
  readonly type?: Matcher | undefined
  readonly source?: Matcher | undefined
  readonly description?: Matcher | undefined
}

const fields = ['name', 'type', 'source', 'description'] as const

/** All remotes: those of the environment first, then the file's in its order (docs: rclone's surface 1.2, listremotes). */
export function listRemotes(config: ConfigFile, environment: Environment): readonly ListedRemote[] {
  return allRemotes(config, environment).map(({ name, type, source, stored }) => ({
    name,
    type,
    source,
    description: stored['description'] ?? '',
  }))
}

/** The remotes that a filter lets through, in their order. */
export function filterRemotes(remotes: readonly ListedRemote[], filter: RemoteFilter): readonly ListedRemote[] {
  return remotes.filter(
    (remote) =>
      fields.every((field) => filter[field]?.(remote[field]) ?? true) &&
      (filter.any === undefined || fields.some((field) => filter.any?.(remote[field]))),
  )
}

/**
 * Sorts by `field[=desc],…`; '' leaves the order.
 * @throws StorageError 'usage' for an unknown field or direction
 */
export function orderRemotes(remotes: readonly ListedRemote[], orderBy: string): readonly ListedRemote[] {
  if (orderBy === '') return remotes
  const orders = orderBy.split(',').map(parseOrder)
  return [...remotes].sort((a, b) => {
    for (const { field, sign } of orders) {
      const order = comparePaths(a[field], b[field])
      if (order !== 0) return sign * order
    }
    return 0
  })
}

/** The lines of `listremotes`. */
export function remoteLines(remotes: readonly ListedRemote[]): readonly string[] {
  return remotes.map(({ name }) => `${name}:`)
}

/** The lines of `listremotes --long`. */
export function longRemoteLines(remotes: readonly ListedRemote[]): readonly string[] {
  const nameWidth = Math.max(0, ...remotes.map(({ name }) => Buffer.byteLength(name))) + 1
  const typeWidth = Math.max(0, ...remotes.map(({ type }) => Buffer.byteLength(type)))
  return remotes.map(
    ({ name, type, description }) => `${padded(`${name}:`, nameWidth)} ${padded(type, typeWidth)} ${description}`,
  )
}

/** The lines of `listremotes --json`. */
export function jsonRemoteLines(remotes: readonly ListedRemote[]): readonly string[] {
  const last = remotes.length - 1
  return ['[', ...remotes.map((remote, at) => goJson(remote) + (at === last ? '' : ',')), ']']
}

function parseOrder(text: string): { readonly field: (typeof fields)[number]; readonly sign: 1 | -1 } {
  const [name = '', direction = 'asc'] = text.trim().split('=')
  const field = fields.find((candidate) => candidate === name.toLowerCase())
  if (field === undefined) throw new StorageError('usage', `unknown --order-by field "${name}"`)
  if (['asc', 'ascending'].includes(direction)) return { field, sign: 1 }
  if (['desc', 'descending'].includes(direction)) return { field, sign: -1 }
  throw new StorageError('usage', `unknown --order-by direction "${direction}"`)
}

/** Padded in code points, as Go pads, to a width that rclone counts in bytes. */
function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - Array.from(text).length))
}
