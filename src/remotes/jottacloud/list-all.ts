import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import { looseKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { StreamItem } from './api/list-stream.ts'
import { readListStream } from './api/list-stream.ts'
import type { Drive } from './drive.ts'
import { getDir, list, noSuchDir, pageSize } from './list.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/**
 * Everything live below `dir` with one request, as it arrives (docs/protocol.md §4.10). Files have no MIME type, no time of
 * storing and no revision here. The counts are known at the end only: what came before is right, but may not be all.
 * Folders in which another program has spelled a name its own way are listed once more at the end, for those names.
 */
export async function* listAll(
  drive: Drive,
  dir: Path,
  options: CallOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  const tree = createTree(drive, dir)
  let page: Entry[] = []
  let empty = true
  // What is small comes whole or not at all, so that it can be asked for again; of what is not, little waits in memory
  let least = pageSize
  for await (const items of streamed(drive, dir, options)) {
    empty = false
    for (const item of items) {
      const entry = tree.entryOf(item)
      if (entry) page.push(entry)
    }
    if (page.length < least) continue
    yield page
    least = 1
    page = []
  }
  // not even the folder itself: what is in the trash may be listed as empty
  if (empty && (await stat(drive, dir, options))?.kind !== 'dir') throw noSuchDir(drive, dir, 'list')
  for (const odd of tree.odd) page.push(...(await oddEntries(drive, odd, options)))
  drive.spellings.listed(dir, true)
  if (page.length > 0) yield page
}

async function* streamed(drive: Drive, dir: Path, { signal }: CallOptions): AsyncGenerator<readonly StreamItem[]> {
  const response = await getDir(drive, {
    operation: 'list',
    path: dir,
    stored: drive.spellings.stored(dir),
    query: { mode: 'liststream' },
    signal,
  })
  try {
    yield* readListStream(response.body)
  } catch (error) {
    throw isStorageError(error, 'not-dir') ? noSuchDir(drive, dir, 'list') : error
  }
}

interface Tree {
  /** Undefined for `dir` itself, and for what is or lies in something that is spelled otherwise than we would. */
  entryOf(item: StreamItem): Entry | undefined
  /** The directories that hold such names. */
  readonly odd: ReadonlySet<Path>
}

/** Maps stored paths to ours. The service may spell the way to `dir` in another case than the caller, whose spelling is kept. */
function createTree(drive: Drive, dir: Path): Tree {
  const prefix = looseKey(`/${join(drive.mountpoint, drive.spellings.stored(dir))}`)
  const depth = prefix.split('/').length
  const odd = new Set<Path>()
  let last: readonly [stored: string, shown: Path | undefined] = ['', undefined]

  const shownBelow = (above: Path, names: readonly string[]): Path | undefined => {
    const strange = names.findIndex((name) => !drive.names.isOurs(name))
    const shown = names.slice(0, strange === -1 ? undefined : strange).map((name) => drive.names.shown(name))
    const path = join(above, ...shown)
    if (strange === -1) return path
    odd.add(path)
    return undefined
  }

  const shownDir = (stored: string): Path | undefined => {
    if (stored === last[0]) return last[1]
    const names = stored.split('/')
    if (looseKey(names.slice(0, depth).join('/')) !== prefix) {
      throw refusal('protocol', 'the service listed what lies elsewhere', { drive, operation: 'list', path: dir })
    }
    last = [stored, shownBelow(dir, names.slice(depth))]
    return last[1]
  }

  return {
    odd,
    entryOf(item) {
      const above = shownDir(item.path)
      if (above === undefined) return undefined
      if (item.kind === 'file') {
        const path = shownBelow(above, [item.name])
        return path === undefined ? undefined : fileOf(path, item)
      }
      if (above === dir) return undefined
      drive.leftovers.note(parent(above), basename(above))
      return { kind: 'dir', path: above }
    },
  }
}

function fileOf(path: Path, { size, modified, md5, created }: StreamItem & { readonly kind: 'file' }): Entry {
  return { kind: 'file', path, size, modified: modified ?? 0n, hashes: { md5 }, created }
}

/** What is spelled otherwise in `dir`, with all below. */
async function oddEntries(drive: Drive, dir: Path, options: CallOptions): Promise<readonly Entry[]> {
  const found: Entry[] = []
  const walk = async (inside: Path, wanted: (entry: Entry) => boolean): Promise<void> => {
    for await (const page of list(drive, inside, options)) {
      for (const entry of page.filter(wanted)) {
        found.push(entry)
        if (entry.kind === 'dir') await walk(entry.path, () => true)
      }
    }
  }
  await walk(dir, (entry) => drive.spellings.isOdd(entry.path))
  return found
}
