import type { Context } from '../core/context.ts'
import { mayBeAlike } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { hashTypes } from '../core/hash.ts'
import { comparePaths } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { deleteFile } from './delete.ts'
import { mapFiles } from './map-files.ts'
import { createFailures } from './failures.ts'
import type { Failures } from './failures.ts'
import type { FoundFile, Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import { hashOf } from './hashes-of.ts'
import { listOne } from './list-one.ts'

/** What becomes of files with one content: one is kept and the others are deleted, or they are left and told of. */
export const dedupeModes = ['skip', 'list', 'first', 'newest', 'oldest', 'largest', 'smallest'] as const

export type DedupeMode = (typeof dedupeModes)[number]

export interface DedupeOptions {
  readonly mode: DedupeMode
  readonly filter?: Filter | undefined
  readonly maxDepth?: number | undefined
  readonly gate?: Gate | undefined
  /** Told of the files with one content, in mode 'list'. */
  readonly onDuplicates?: ((hash: string, files: readonly FoundFile[]) => void) | undefined
}

/**
 * Finds files of one content below a place, by the first hash that the remote has (rclone's surface §1.4, dedupe --by-hash).
 * @throws StorageError 'unsupported' where it has none; at the end, where any could not be hashed or deleted
 */
export async function dedupeByHash(ctx: Context, place: Place, o: DedupeOptions): Promise<void> {
  const { hashes, description } = place.remote.facts(place.path)
  const type = hashTypes.find((known) => hashes.includes(known))
  if (!type) throw new StorageError('unsupported', `${description} has no hashes`)
  const say = (level: 'INFO' | 'NOTICE', object: string, text: string): void => ctx.log.log({ level, object, text })
  say('INFO', description, `Looking for duplicate ${type} hashes using ${o.mode} mode.`)
  const failures = createFailures(ctx)
  const groups = await groupByHash(ctx, place, { type, failures, o })
  for (const [hash, found] of groups) {
    if (found.length < 2) continue
    const files = withoutOtherPaths(place, ordered(found, o.mode))
    if (files.length < 2) continue
    say('NOTICE', hash, `Found ${files.length} files with duplicate ${type} hashes`)
    if (o.mode === 'skip') say('NOTICE', hash, `Skipping ${files.length} files with duplicate ${type} hashes`)
    else if (o.mode === 'list') o.onDuplicates?.(hash, files)
    else {
      const deleted = await deleteAllButFirst(ctx, place, { files, failures, gate: o.gate ?? openGate })
      if (deleted > 0) say('NOTICE', hash, `Deleted ${deleted} extra copies`)
    }
  }
  if (failures.count > 0) throw failures.last
}

async function groupByHash(
  ctx: Context,
  place: Place,
  { type, failures, o }: { readonly type: HashType; readonly failures: Failures; readonly o: DedupeOptions },
): Promise<ReadonlyMap<string, readonly FoundFile[]>> {
  const groups = new Map<string, FoundFile[]>()
  const hashed = mapFiles(ctx, findFiles(ctx, place, { maxDepth: o.maxDepth, filter: o.filter }), async (file) => {
    try {
      const hash = await hashOf(ctx, place.remote, file.entry, type)
      return hash ? { hash, file } : undefined
    } catch (error) {
      failures.add(file.shown, 'Failed to hash', error)
      return undefined
    }
  })
  for await (const { hash, file } of hashed) {
    const group = groups.get(hash)
    if (group) group.push(file)
    else groups.set(hash, [file])
  }
  return groups
}

/** The one that is kept comes first. */
function ordered(files: readonly FoundFile[], mode: DedupeMode): readonly FoundFile[] {
  const byPath = files.toSorted((a, b) => comparePaths(a.shown, b.shown))
  if (mode === 'largest' || mode === 'smallest') {
    const turn = mode === 'largest' ? -1 : 1
    return byPath.toSorted((a, b) => turn * ((a.entry.size ?? -1) - (b.entry.size ?? -1)))
  }
  if (mode !== 'newest' && mode !== 'oldest') return byPath
  const turn = mode === 'newest' ? -1 : 1
  return byPath.toSorted((a, b) => {
    const later = a.entry.modified - b.entry.modified
    return later === 0n ? 0 : later > 0n ? turn : -turn
  })
}

/** A file that a link or a second mount leads to as well is no copy, nor is another name of it. */
function withoutOtherPaths({ remote }: Place, files: readonly FoundFile[]): readonly FoundFile[] {
  const seen = new Set<string>()
  return files.filter(({ entry }) => {
    const inode = remote.type === 'local' && entry.revision ? `//${entry.revision}//${entry.created}` : undefined
    const names = [remote.identity(entry.path).path, ...(inode === undefined ? [] : [inode])]
    if (names.some((name) => seen.has(name))) return false
    for (const name of names) seen.add(name)
    return true
  })
}

/** What has changed since is no copy of the others any more. */
async function isAsListed(
  ctx: Context,
  remote: Remote,
  { entry, shown }: FoundFile,
  failures: Failures,
): Promise<boolean> {
  const now = await listOne(ctx, { remote, path: entry.path })
  if (now?.kind === 'file' && mayBeAlike(now, entry) && now.modified === entry.modified) return true
  const details = { path: entry.path, hint: 'Run it again.' }
  failures.add(shown, 'Kept its copies', new StorageError('changed', 'it has changed since it was listed', { details }))
  return false
}

async function deleteAllButFirst(
  ctx: Context,
  { remote }: Place,
  o: { readonly files: readonly FoundFile[]; readonly failures: Failures; readonly gate: Gate },
): Promise<number> {
  const [kept, ...copies] = o.files
  if (!kept || !(await isAsListed(ctx, remote, kept, o.failures))) return 0
  let deleted = 0
  for (const file of copies) {
    const outcome = await deleteFile(ctx, file, { remote, gate: o.gate, judged: true, failures: o.failures })
    if (outcome === 'quit') break
    if (outcome === 'deleted') deleted++
  }
  return deleted
}
