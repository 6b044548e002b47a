import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { join } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { StreamItem } from './api/list-stream.ts'
import { readListStream } from './api/list-stream.ts'
import type { Drive } from './drive.ts'
import { noSuchDir, pageSize } from './list.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/**
 * Everything live below `dir` with one request, as it arrives (docs/protocol.md §4.10). Files have no MIME type, no time of
 * storing and no revision here. The counts are known at the end only: what came before is right, but may not be all.
 */
export async function* listAll(
  drive: Drive,
  dir: Path,
  options: CallOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  const toEntry = entriesBelow(drive, dir)
  let page: Entry[] = []
  let empty = true
  for await (const items of streamed(drive, dir, options)) {
    empty = false
    for (const item of items) {
      const entry = toEntry(item)
      if (entry) page.push(entry)
    }
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  // not even the folder itself: what is in the trash may be listed as empty
  if (empty && (await stat(drive, dir, options))?.kind !== 'dir') throw noSuchDir(drive, dir, 'list')
  if (page.length > 0) yield page
}

async function* streamed(drive: Drive, dir: Path, { signal }: CallOptions): AsyncGenerator<readonly StreamItem[]> {
  const response = await drive.jfs.get({
    operation: 'list',
    path: dir,
    stored: drive.names.stored(dir),
    query: { mode: 'liststream' },
    missing: 'dir-not-found',
    signal,
  })
  try {
    yield* readListStream(response.body)
  } catch (error) {
    throw isStorageError(error, 'not-dir') ? noSuchDir(drive, dir, 'list') : error
  }
}

/** Maps stored paths to ours. The service may spell the way to `dir` in another case than the caller, whose spelling is kept. */
function entriesBelow(drive: Drive, dir: Path): (item: StreamItem) => Entry | undefined {
  const prefix = keyOf(`/${join(drive.mountpoint, drive.names.stored(dir))}`)
  const depth = prefix.split('/').length
  let last: readonly [stored: string, shown: Path] = ['', '']

  const shown = (stored: string): Path => {
    if (stored === last[0]) return last[1]
    const names = stored.split('/')
    if (keyOf(names.slice(0, depth).join('/')) !== prefix) {
      throw refusal('protocol', 'the service listed what lies elsewhere', { drive, operation: 'list', path: dir })
    }
    last = [stored, join(dir, ...names.slice(depth).map((name) => drive.names.shown(name)))]
    return last[1]
  }

  return (item) => {
    const path = shown(item.path)
    if (item.kind === 'dir') return path === dir ? undefined : { kind: 'dir', path }
    return {
      kind: 'file',
      path: join(path, drive.names.shown(item.name)),
      size: item.size,
      modified: item.modified ?? 0n,
      hashes: { md5: item.md5 },
      created: item.created,
    }
  }
}

function keyOf(path: string): string {
  return matchKey(path, { caseInsensitive: true })
}
