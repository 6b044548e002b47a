import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { basename, join } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { temporaryDir } from './leftovers.ts'
import { refusal } from './refusal.ts'
import { removeTreeForGood } from './remove-for-good.ts'
import { requireEmpty } from './rmdir.ts'
import { lookUp } from './stat.ts'

/** Two spellings of one path, to the service. */
interface Respelling {
  readonly from: Path
  readonly to: Path
  readonly kind: 'file' | 'dir'
}

const operation = 'move'

/**
 * Gives a file or directory another spelling of the name that it has. Where the service refuses to move it onto itself, or
 * does not take the spelling over, it goes by way of a temporary directory beside it; `recover` brings it back after a crash.
 */
export async function respell(drive: Drive, respelling: Respelling, options: CallOptions): Promise<void> {
  const { from, to } = respelling
  if (await rename(drive, respelling, options)) return
  const dir = temporaryDir(to, 'moved', from)
  const aside = join(dir, basename(to))
  await drive.leftovers.using(dir, async () => {
    const whole = { signal: AbortSignal.timeout(60_000) }
    if (!(await rename(drive, { ...respelling, to: aside }, options))) throw refused(drive, from)
    if (!(await rename(drive, { ...respelling, from: aside }, whole))) {
      await rename(drive, { ...respelling, from: aside, to: from }, whole)
      throw refused(drive, from)
    }
    await requireEmpty(drive, dir, whole)
    await removeTreeForGood(drive, dir, whole)
    drive.leftovers.forget(dir)
  })
}

/** Whether what was there is under the new path now, spelled as it is wanted. */
async function rename(drive: Drive, { from, to, kind }: Respelling, options: CallOptions): Promise<boolean> {
  const [stored, target] = [drive.spellings.stored(from), drive.spellings.ours(to)]
  const verb = kind === 'file' ? 'mv' : 'mvDir'
  const call = { operation, path: from, stored, target, verb, slash: kind === 'dir', signal: options.signal } as const
  let item: WireFile | WireDir | undefined
  try {
    item = itemOf(await readXml((await drive.jfs.transfer(call)).body))
  } catch (error) {
    // refused, or done and its answer lost
    if (!isStorageError(error) || error.details.status === undefined || error.code === 'invalid-name') throw error
    item = await lookUp(drive, to, options)
  }
  if (item?.kind !== kind || item.deleted || item.name !== basename(target)) return false
  if (kind === 'dir') drive.spellings.moved(from, to)
  else drive.spellings.forget(from)
  return true
}

function refused(drive: Drive, path: Path): Error {
  return refusal('unsupported', 'the service does not change how the name is spelled', { drive, operation, path })
}
