import { Buffer } from 'node:buffer'
import type { Context, LogRecord, RunEvent } from '../../src/core/context.ts'
import type { ContextOptions } from '../../src/core/create-context.ts'
import { createContext } from '../../src/core/create-context.ts'
import type { Path } from '../../src/core/path.ts'
import type { Remote } from '../../src/core/remote.ts'
import { sourceFromBytes } from '../../src/core/source.ts'
import { collect } from '../../src/core/stream.ts'
import type { Time } from '../../src/core/time.ts'

/** A context that keeps what was logged and reported. */
export interface RecordedRun {
  readonly ctx: Context
  readonly events: RunEvent[]
  /** The lines above DEBUG as `LEVEL OBJECT: TEXT`, sorted. */
  readonly lines: () => readonly string[]
  /** What was reported of one type. */
  readonly of: <T extends RunEvent['type']>(type: T) => readonly Extract<RunEvent, { type: T }>[]
}

export function recordRun(o: ContextOptions = {}): RecordedRun {
  const events: RunEvent[] = []
  const records: LogRecord[] = []
  const ctx = createContext({
    log: { log: (record) => records.push(record), enabled: () => true },
    report: (event) => events.push(event),
    ...o,
  })
  return {
    ctx,
    events,
    lines: () =>
      records
        .filter(({ level }) => level !== 'DEBUG')
        .map(lineOf)
        .toSorted(),
    of: <T extends RunEvent['type']>(type: T) =>
      events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type),
  }
}

function lineOf({ level, object = '', text }: LogRecord): string {
  return object === '' ? `${level} ${text}` : `${level} ${object}: ${text}`
}

/** Everything that an iterable gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** `remote` without some of what it can do. */
export function without(remote: Remote, ...capabilities: readonly (keyof Remote)[]): Remote {
  const rest = { ...remote }
  for (const capability of capabilities) Reflect.deleteProperty(rest, capability)
  return rest
}

/** Writes text files: the content by path; a path that ends in '/' is a directory. */
export async function plant(remote: Remote, tree: Readonly<Record<Path, string>>, modified?: Time): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    if (path.endsWith('/')) await remote.mkdir(path.slice(0, -1))
    else await remote.write(path, sourceFromBytes(Buffer.from(content), modified === undefined ? {} : { modified }))
  }
}

/** The content of every file below `dir` by its path as seen from the remote's root, directories with a '/' at the end. */
export async function treeOf(remote: Remote, dir: Path = ''): Promise<Record<Path, string>> {
  const tree: Record<Path, string> = {}
  for await (const page of remote.list(dir)) {
    for (const entry of page) {
      if (entry.kind === 'file') tree[entry.path] = await contentOf(remote, entry.path)
      else Object.assign(tree, { [`${entry.path}/`]: '' }, await treeOf(remote, entry.path))
    }
  }
  return tree
}

async function contentOf(remote: Remote, path: Path): Promise<string> {
  await using reader = await remote.open(path)
  return Buffer.from(await collect(reader.stream())).toString()
}
