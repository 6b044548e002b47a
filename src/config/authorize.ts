import { isStorageError, StorageError } from '../core/errors.ts'
import { loadDefinition } from './definitions.ts'
import type { OpenDeps } from './open.ts'
import { optionsOf } from './options-of.ts'

/**
 * Logs in in the browser of this machine, for a remote on another one.
 * @param type the kind of remote
 * @param service which of its services; '' is the usual one
 * @returns one line that `config` on the other machine takes
 * @throws StorageError 'usage' for an unknown kind, or one whose logins cannot be made elsewhere; and what the login throws
 */
export async function authorizeFor(type: string, service: string, deps: OpenDeps): Promise<string> {
  const { log, http, tempDir, signal, now, flags, environment, table } = deps
  const definition = await loadDefinition(type, table).catch((error: unknown) => {
    if (!isStorageError(error, 'unsupported')) throw error
    throw new StorageError('usage', error.message, { cause: error })
  })
  if (!definition.authorize) throw new StorageError('usage', "backend doesn't support reconnect or authorize")
  const sources = { type, name: undefined, parameters: {}, flags, environment, stored: {} }
  const options = optionsOf(definition.options, sources)
  return await definition.authorize(service, options, { log, http, tempDir, signal, now })
}
