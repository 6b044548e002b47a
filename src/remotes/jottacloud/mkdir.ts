import type { StorageError } from '../../core/errors.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'
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
    throw (await fileInTheWay(drive, dir, error, { signal })) ?? error
  }
  const made = itemOf(await readXml(response.body))
  if (made.kind === 'file') throw inTheWay(drive, dir, dir)
}

/** The error to throw instead of a refusal that is due to a file on the way. */
async function fileInTheWay(
  drive: Drive,
  dir: Path,
  error: unknown,
  options: CallOptions,
): Promise<StorageError | undefined> {
  if (!isStorageError(error) || error.details.status === undefined || error.retry !== 'no') return undefined
  for (let path = dir; path !== ''; path = parent(path)) {
    const entry = await stat(drive, path, options)
    if (entry?.kind === 'file') return inTheWay(drive, dir, path)
    if (entry) return undefined
  }
  return undefined
}

function inTheWay(drive: Drive, dir: Path, file: Path): StorageError {
  return refusal(file === dir ? 'exists' : 'not-dir', `a file has the name ${file}`, {
    drive,
    operation: 'mkdir',
    path: dir,
    hint: 'Rename or remove that file.',
  })
}
