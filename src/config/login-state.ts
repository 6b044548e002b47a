import { isStorageError, messageOf } from '../core/errors.ts'
import { closeRemotes, nothingOpened, openLocation, type OpenDeps } from './open.ts'

/**
 * Whether the stored login of a remote works. One that cannot be tried, because the service does not answer, counts as alive: a
 * new login would only be another one that cannot be tried.
 */
export async function loginState(name: string, deps: OpenDeps): Promise<'alive' | 'dead'> {
  const token = deps.config.get(name)?.['token']
  if (!token) return 'dead'
  const opened = nothingOpened()
  try {
    const { remote, path } = await openLocation(`${name}:`, { ...deps, opened })
    await (remote.userInfo?.({ signal: deps.signal }) ?? remote.about?.(path, { signal: deps.signal }))
    return 'alive'
  } catch (error) {
    deps.signal.throwIfAborted()
    if (isStorageError(error, 'auth', 'config', 'unsupported')) return 'dead'
    if (!isStorageError(error)) throw error
    deps.log.log({ level: 'NOTICE', text: `The login of "${name}" could not be tried, and stays: ${messageOf(error)}` })
    return 'alive'
  } finally {
    await closeRemotes(opened)
  }
}
