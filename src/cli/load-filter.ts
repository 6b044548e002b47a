import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { Logger } from '../core/context.ts'
import { collect } from '../core/stream.ts'
import type { Filter } from '../filter/filter.ts'
import { filterOptions } from '../options/common/filter.ts'
import type { GlobalOptions } from '../options/common.ts'
import type { Host } from './host.ts'

/**
 * The filter that the flags ask for; undefined where they ask for none, which costs nothing.
 * @throws StorageError 'config' in rclone's words
 */
export async function loadRunFilter(global: GlobalOptions, host: Host, log: Logger): Promise<Filter | undefined> {
  if (!isAskedFor(global) && !global.dump.has('filters')) return undefined
  const [{ loadFilter }, { readFile }] = await Promise.all([import('../filter/load.ts'), import('node:fs/promises')])
  try {
    return await loadFilter(global, {
      readFile: (path) => readFile(path),
      readStandardInput: () => collect(host.stdin),
      now: host.now,
      log,
    })
  } catch (error) {
    if (!isStorageError(error)) throw error
    const text = `Failed to initialise global options: failed to reload "filter" options: ${messageOf(error)}`
    throw new StorageError('config', text, { details: error.details, cause: error })
  }
}

function isAskedFor(global: GlobalOptions): boolean {
  const values: Readonly<Record<string, unknown>> = global
  const given = ([key, { default: fallback }]: readonly [string, { readonly default: unknown }]): boolean => {
    const value = values[key]
    return Array.isArray(value) ? value.length > 0 : value !== fallback
  }
  return Object.entries(filterOptions).some(given)
}
