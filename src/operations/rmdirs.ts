import type { Context } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import { parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { goQuote } from '../options/go-syntax.ts'
import { createFailures, endsEverything } from './failures.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import { keep, removeDirs } from './remove-dirs.ts'
import { walk } from './walk.ts'

export interface RmdirsOptions {
  readonly leaveRoot?: boolean | undefined
  /** Only what it lets through: a directory in which it hides something seems empty, and cannot be removed. */
  readonly filter?: Filter | undefined
  readonly maxDepth?: number | undefined
  readonly gate?: Gate | undefined
}

/**
 * Removes the directories of a tree that have no files below them, deepest first (rclone's surface §1.4).
 * @throws StorageError at the end, where any could not be listed or removed; each has been reported
 */
export async function rmdirs(ctx: Context, location: Location, o: RmdirsOptions = {}): Promise<void> {
  const failures = createFailures(ctx)
  const { description } = location.remote.facts(location.path)
  const dirs: { readonly path: Path }[] = []
  const kept = new Set<Path>(o.leaveRoot ? [''] : [])
  const onError = (path: Path, error: unknown): void =>
    failures.add(path, `Failed to list ${goQuote(path)}`, error, description)
  const see = (path: Path, kind: 'file' | 'dir'): void => {
    if (kind === 'file') keep(kept, parent(path))
    else if (o.filter?.includesPath(`${path}/`) !== false) dirs.push({ path })
  }
  see('', 'dir')
  try {
    for await (const page of walk(ctx, location, { maxDepth: o.maxDepth, filter: o.filter, onError })) {
      for (const entry of page) see(relative(entry.path, location.path), entry.kind)
    }
  } catch (error) {
    ctx.stop.throwIfAborted()
    if (failures.count === 0 || endsEverything(error)) throw error
  }
  await removeDirs(ctx, location, { dirs, kept, gate: o.gate ?? openGate, failures })
  if (failures.count > 0) throw failures.last
}
