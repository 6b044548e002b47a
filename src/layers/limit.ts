import type { Limiter } from '../core/context.ts'
import type { Reader, Remote } from '../core/remote.ts'
import type { ByteStream, CallOptions } from '../core/stream.ts'
import { wrap } from '../core/wrap.ts'
import { createLimiter } from '../util/limiter.ts'
import { lacking } from './lacking.ts'

/**
 * Lets at most `limit` operations on a remote run at once. What a source asks for (open, hash, streams as long as they are
 * open) is counted apart: a write that reads from the same remote would otherwise wait for itself. A listing counts while
 * it fetches a page, not while its reader is busy with one.
 */
export function withLimit(inner: Remote, limit: number): Remote {
  const operations = createLimiter(limit)
  const reads = createLimiter(limit)
  const run = <T>(options: CallOptions | undefined, work: () => Promise<T>): Promise<T> =>
    operations.run(work, options?.signal)
  const read = <T>(options: CallOptions | undefined, work: () => Promise<T>): Promise<T> =>
    reads.run(work, options?.signal)
  return wrap(inner, {
    facts: 'forward',
    nameProblem: 'forward',
    identity: 'forward',
    close: 'forward',
    command: 'forward',
    list: (dir, options) => limitPages(operations, inner.list(dir, options), options),
    listAll: (dir, options) => limitPages(operations, inner.listAll?.(dir, options) ?? lacking(), options),
    stat: (path, options) => run(options, () => inner.stat(path, options)),
    open: async (path, options) => limitReader(reads, await read(options, () => inner.open(path, options))),
    write: (path, source, options) => run(options, () => inner.write(path, source, options)),
    remove: (path, options) => run(options, () => inner.remove(path, options)),
    mkdir: (dir, options) => run(options, () => inner.mkdir(dir, options)),
    rmdir: (dir, options) => run(options, () => inner.rmdir(dir, options)),
    copy: (from, to, options) => run(options, () => inner.copy?.(from, to, options) ?? lacking()),
    move: (from, to, options) => run(options, () => inner.move?.(from, to, options) ?? lacking()),
    moveDir: (from, to, options) => run(options, () => inner.moveDir?.(from, to, options) ?? lacking()),
    purge: (dir, options) => run(options, () => inner.purge?.(dir, options) ?? lacking()),
    setTimes: (entry, times, options) => run(options, () => inner.setTimes?.(entry, times, options) ?? lacking()),
    hash: (entry, type, options) => read(options, () => inner.hash?.(entry, type, options) ?? lacking()),
    openParts: (path, source, options) => run(options, () => inner.openParts?.(path, source, options) ?? lacking()),
    metadata: (entry, options) => read(options, () => inner.metadata?.(entry, options) ?? lacking()),
    setMetadata: (entry, metadata, options) =>
      run(options, () => inner.setMetadata?.(entry, metadata, options) ?? lacking()),
    about: (path, options) => run(options, () => inner.about?.(path, options) ?? lacking()),
    userInfo: (options) => run(options, () => inner.userInfo?.(options) ?? lacking()),
    cleanUp: (options) => run(options, () => inner.cleanUp?.(options) ?? lacking()),
    links: {
      create: (path, options) => run(options, () => inner.links?.create(path, options) ?? lacking()),
      remove: (path, options) => run(options, () => inner.links?.remove(path, options) ?? lacking()),
    },
  })
}

async function* limitPages<T>(
  limiter: Limiter,
  pages: AsyncIterable<T>,
  options: CallOptions | undefined,
): AsyncGenerator<T> {
  const listing = pages[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await limiter.run(() => listing.next(), options?.signal)
      if (next.done) return
      yield next.value
    }
  } finally {
    await listing.return?.()
  }
}

function limitReader(limiter: Limiter, reader: Reader): Reader {
  return {
    entry: reader.entry,
    async *stream(range, options): ByteStream {
      const release = await enter(limiter, options?.signal)
      try {
        yield* reader.stream(range, options)
      } finally {
        release()
      }
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  }
}

/** Takes a place until the answer is called. */
function enter(limiter: Limiter, signal: AbortSignal | undefined): Promise<() => void> {
  return new Promise((resolve, reject) => {
    limiter.run(() => new Promise<void>((release) => resolve(release)), signal).catch(reject)
  })
}
