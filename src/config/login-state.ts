import { isStorageError, messageOf } from '../core/errors.ts'
import { closeRemotes, nothingOpened, openLocation, type OpenDeps } from './open.ts'
import { createTokenStore } from './token-store.ts'

/**
 * Whether the stored login of a remote works. One that cannot be tried, because the service does not answer, counts as alive: a
 * new login would only be another one that cannot be tried. Trying it may renew it: read the section again.
 */
export async function loginState(name: string, deps: OpenDeps): Promise<'alive' | 'dead'> {
  const token = deps.config.get(name)?.['token']
  if (!token) return 'dead'
  const opened = { ...nothingOpened(), renewals: deps.opened.renewals }
  try {
    const { remote, path } = await openLocation(`${name}:`, { ...deps, opened })
    await (remote.userInfo?.({ signal: deps.signal }) ?? remote.about?.(path, { signal: deps.signal }))
    await adoptNewest(name, deps).catch(staysKept)
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

/** A login that was renewed while the config could not be written is put back there, where who goes on looks for it. */
async function adoptNewest(name: string, { config, log, signal }: OpenDeps): Promise<void> {
  await createTokenStore({ config, section: name, name, log, signal }).update((newest) => Promise.resolve(newest))
}

/** Where the config cannot be written it stays where it is found, too. */
function staysKept(error: unknown): void {
  if (!isStorageError(error)) throw error
}
