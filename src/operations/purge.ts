import type { Context } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent, relative } from '../core/path.ts'
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
    await eachDeleted(ctx, filesOf(ctx, location, tree.dirs), {
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
  const deleteFailures = failures.count
  if (!quit) await removeDirs(ctx, location, { ...tree, gate, failures })
  if (failures.count === 0) return
  const what = failures.count > deleteFailures ? 'failed to remove directories: ' : ''
  throw again(failures.last, `${what}${messageOf(failures.last)}`)
}

async function* filesOf(
  ctx: Context,
  location: Location,
  dirs: { readonly path: Path }[],
): AsyncGenerator<readonly FoundFile[]> {
  for await (const page of walk(ctx, location)) {
    const files: FoundFile[] = []
    for (const entry of page) {
      const shown = relative(entry.path, location.path)
      if (entry.kind === 'file') files.push({ entry, shown })
      else dirs.push({ path: shown })
    }
    yield files
  }
}
