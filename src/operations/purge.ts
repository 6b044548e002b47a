import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { isWithin, parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { eachDeleted } from './delete.ts'
import { again, createFailures } from './failures.ts'
import type { FoundFile } from './find-files.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import { keep, removeDirs } from './remove-dirs.ts'
import { walk } from './walk.ts'

/**
 * Removes a directory and all below it: in one call where the remote has one, else file by file and then the directories,
 * deepest first (rclone's surface §1.4). Filters have no say in it.
 * @throws StorageError 'dir-not-found' …; by hand what could not be removed has been reported one by one
 */
export async function purge(ctx: Context, location: Location, gate: Gate = openGate): Promise<void> {
  const { remote, path } = location
  if (!remote.purge) return await purgeByHand(ctx, location, gate)
  const object = remote.facts(path).description
  if ((await gate({ action: 'purge directory', object })) === 'do') await remote.purge(path, { signal: ctx.signal })
}

async function purgeByHand(ctx: Context, location: Location, gate: Gate): Promise<void> {
  const failures = createFailures(ctx)
  const tree = { dirs: [{ path: '' }], kept: new Set<Path>() }
  let quit = false
  try {
    const onOutside = (dir: Path): void => {
      failures.add(dir, 'Left alone', leadsOut(dir))
      keep(tree.kept, dir)
    }
    await eachDeleted(ctx, filesOf(ctx, location, { dirs: tree.dirs, onOutside }), {
      remote: location.remote,
      gate,
      failures,
      onOutcome(shown, outcome) {
        quit ||= outcome === 'quit'
        if (outcome !== 'deleted') keep(tree.kept, parent(shown))
      },
    })
  } catch (error) {
    failures.add('', 'Failed to list ""', error, location.remote.facts(location.path).description)
  }
  if (!quit) await removeDirs(ctx, location, { ...tree, gate, failures })
  if (failures.count > 0) throw again(failures.last)
}

/** @param o `onOutside` is told of directories that lie elsewhere, behind a link: nothing in them is given. */
async function* filesOf(
  ctx: Context,
  location: Location,
  { dirs, onOutside }: { readonly dirs: { readonly path: Path }[]; readonly onOutside: (dir: Path) => void },
): AsyncGenerator<readonly FoundFile[]> {
  const { remote, path: root } = location
  const outside: Path[] = []
  for await (const page of walk(ctx, location)) {
    const files: FoundFile[] = []
    for (const entry of page) {
      const shown = relative(entry.path, root)
      if (outside.some((dir) => isWithin(shown, dir))) continue
      if (entry.kind === 'file') files.push({ entry, shown })
      else if (isWithin(remote.identity(entry.path).path, remote.identity(root).path)) dirs.push({ path: shown })
      else {
        outside.push(shown)
        onOutside(shown)
      }
    }
    yield files
  }
}

function leadsOut(path: Path): StorageError {
  const hint = 'Remove the link, and purge again.'
  return new StorageError('unsupported', 'it leads out of the directory', { retry: 'never', details: { path, hint } })
}
