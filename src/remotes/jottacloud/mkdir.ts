import type { StorageError } from '../../core/errors.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { inTheWay } from './in-the-way.ts'
import { refusal } from './refusal.ts'
import { settleSpelling } from './settle.ts'
import { stat } from './stat.ts'

/**
 * Makes a directory and its parents; fine if it exists (docs/protocol.md §4.14, mkDir).
 * @throws StorageError 'exists' where a file has the name, 'not-dir' where one has a parent's
 */
export async function mkdir(drive: Drive, dir: Path, { signal }: CallOptions = {}): Promise<void> {
  await settleSpelling(drive, dir, { signal })
  const call = { operation: 'mkdir', path: dir, stored: drive.spellings.stored(dir), signal }
  let response
  try {
    response = await drive.jfs.command({ ...call, query: { mkDir: 'true' } })
  } catch (error) {
    throw (await whyRefused(drive, dir, error, { signal })) ?? error
  }
  const made = itemOf(await readXml(response.body))
  if (made.kind === 'file') throw isFile(drive, dir)
}

/** The error to throw instead of a refusal that is due to what lies on the way. */
async function whyRefused(
  drive: Drive,
  dir: Path,
  error: unknown,
  options: CallOptions,
): Promise<StorageError | undefined> {
  if (!isStorageError(error) || error.details.status === undefined || error.retry !== 'no') return undefined
  if ((await stat(drive, dir, options))?.kind === 'file') return isFile(drive, dir)
  return inTheWay(drive, dir, 'mkdir', options)
}

function isFile(drive: Drive, dir: Path): StorageError {
  const hint = 'Rename or remove that file.'
  return refusal('exists', 'a file has this name', { drive, operation: 'mkdir', path: dir, hint })
}
