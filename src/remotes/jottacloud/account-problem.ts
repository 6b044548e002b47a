import { isStorageError, StorageError } from '../../core/errors.ts'
import type { CallOptions } from '../../core/stream.ts'
import { userOf } from './api/documents.ts'
import { lockedHint, quotaHint } from './api/failure.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'

/**
 * The error that says of a refusal that the whole account is locked for writing, or has no room for so many bytes: nobody
 * knows with what status the service answers then (docs/protocol.md §7.4). Undefined where that is not why.
 */
export async function accountProblem(
  drive: Drive,
  error: unknown,
  { bytes, signal }: CallOptions & { readonly bytes?: number },
): Promise<StorageError | undefined> {
  if (!isStorageError(error, 'permission', 'auth', 'invalid-argument', 'unsupported') || error.retry !== 'no') return
  try {
    const response = await drive.jfs.account('about', { signal })
    const { capacity = -1, usage = 0, writeLocked } = userOf(await readXml(response.body))
    if (writeLocked) return retold(error, 'locked', lockedHint(drive.name))
    if (capacity >= 0 && bytes !== undefined && usage + bytes > capacity)
      return retold(error, 'quota', quotaHint(drive.name))
  } catch (other) {
    if (!isStorageError(other)) throw other
  }
  return undefined
}

/** Runs a change; the error says where it is refused because the account is locked. */
export async function explained<T>(drive: Drive, options: CallOptions | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw (await accountProblem(drive, error, { signal: options?.signal })) ?? error
  }
}

function retold(
  { message, effect, details, cause }: StorageError,
  code: 'locked' | 'quota',
  hint: string,
): StorageError {
  return new StorageError(code, message, { effect, details: { ...details, hint }, cause })
}
