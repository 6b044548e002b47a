import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { configKey } from '../options/names.ts'
import { parseTypedPath } from './connection-string.ts'
import { optionsOfType } from './definitions.ts'
import type { OpenDeps } from './open.ts'
import { findRemote } from './remote-section.ts'

/**
 * A place as a connection string that needs no config: `:type,key=value,…:path`, what differs from its default sorted by key.
 * @throws StorageError 'usage' for a remote that there is not
 */
export async function connectionStringOf(typed: string, deps: OpenDeps): Promise<string> {
  const place = parsed(typed, deps.platform)
  if (place.kind === 'local') return `:local:${place.path}`
  const section = place.onTheFly ? undefined : findRemote(deps.config, deps.environment, place.name)
  if (!place.onTheFly && !section) {
    throw new StorageError('usage', `didn't find section in config file ("${place.name}")`)
  }
  const type = section?.type ?? place.name
  const values = Object.entries({ ...section?.values, ...place.parameters })
  const defaults = await defaultTexts(type, deps)
  const options = values
    .filter(([key, value]) => key !== 'type' && value !== (defaults.get(key) ?? ''))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => (value === 'true' ? `,${key}` : `,${key}=${quoted(value)}`))
  return `:${type}${options.join('')}:${place.path}`
}

function parsed(typed: string, platform: NodeJS.Platform): ReturnType<typeof parseTypedPath> {
  try {
    return parseTypedPath(typed, platform)
  } catch (error) {
    if (!isStorageError(error)) throw error
    throw new StorageError('usage', messageOf(error), { cause: error })
  }
}

async function defaultTexts(type: string, { table }: OpenDeps): Promise<ReadonlyMap<string, string>> {
  const options = Object.entries((await optionsOfType(type, table)) ?? {})
  return new Map(options.map(([key, spec]) => [configKey(key), spec.type.format(spec.default)]))
}

function quoted(value: string): string {
  return /[,:'"]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value
}
