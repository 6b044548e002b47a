import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { join } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import { sourceOf } from '../core/source-of.ts'
import type { Step } from '../operations/gate.ts'
import { suffixed } from '../operations/name-suffix.ts'
import { asCheck } from '../operations/as-check.ts'
import type { KeepOptions } from './options.ts'
import { reaches, serverSide } from './server-side.ts'

/** Puts files of the destination away before they are overwritten or deleted (rclone's surface §5.4). */
export interface Backup {
  /** Moves the file away. @param path as seen from the destination. @throws StorageError 'not-found' where it is gone */
  keep(file: FileEntry, path: Path): Promise<void>
  /** What `keep` is about to do. */
  step(file: FileEntry, path: Path): Step
}

/**
 * The backup that `--backup-dir` and `--suffix` ask for; undefined for none.
 * @throws StorageError 'fatal' where the destination cannot move files there by itself
 */
export function createBackup(ctx: Context, dest: Location, o: KeepOptions): Backup | undefined {
  const { backupDir } = o
  const suffixName = backupNameOf(o)
  if (!backupDir && !suffixName) return undefined
  const nameOf = suffixName ?? ((path: Path): Path => path)
  const place = backupDir ?? dest
  const remote = moverOf(dest, place)
  return {
    async keep(file, path) {
      const name = nameOf(path)
      const to = join(place.path, name)
      await asCheck(ctx, path, () => moveAway(ctx, remote, { file, to }))
      ctx.report({ type: 'renamed', path })
      ctx.report({ type: 'server-side-move', path, size: file.size ?? 0 })
      const shown = name === path ? '' : ` to: ${name}`
      ctx.log.log({ level: 'INFO', object: path, text: `Moved (server-side)${shown}`, size: file.size })
    },
    step(file, path) {
      const name = nameOf(path)
      return { action: `move${name === path ? '' : ` to ${name}`}`, object: path, size: file.size }
    },
  }
}

/** What `--suffix` makes of a path; undefined for none. */
export function backupNameOf({
  suffix = '',
  suffixKeepExtension = false,
}: KeepOptions): ((path: Path) => Path) | undefined {
  return suffix === '' ? undefined : (path) => suffixed(path, suffix, suffixKeepExtension)
}

function moverOf(dest: Location, place: Location): Remote {
  const remote = [dest.remote, place.remote].find((each) => reaches(place, each) && reaches(dest, each))
  if (!remote) throw new StorageError('fatal', 'parameter to --backup-dir has to be on the same remote as destination')
  if (remote.move || remote.copy) return remote
  const flag = place === dest ? '--suffix' : '--backup-dir'
  throw new StorageError('fatal', `can't use ${flag} on a remote which doesn't support server-side move or copy`)
}

/** On the server where it can; else its bytes come through here, and are safe before the file goes. */
async function moveAway(
  ctx: Context,
  remote: Remote,
  { file, to }: { readonly file: FileEntry; readonly to: Path },
): Promise<void> {
  const { signal } = ctx
  const native = serverSide({ remote, path: file.path }, { remote, path: to }, { signal, bareLink: file.bareLink })
  if (await native.move?.(file.path, to)) return
  if (file.bareLink) {
    const details = { path: file.path, hint: 'Remove the symbolic link, or put the backup on its disk.' }
    throw new StorageError('unsupported', 'a symbolic link cannot be moved to another disk', { details })
  }
  if (!(await native.copy?.(file.path, to))) await remote.write(to, sourceOf(remote, file), { signal, durable: true })
  await remote.remove(file.path, { signal, expect: file })
}
