import type { Logger } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Reader, Remote } from '../core/remote.ts'
import type { ByteStream } from '../core/stream.ts'
import { wrap } from '../core/wrap.ts'
import { lacking } from './lacking.ts'

/** Writes a DEBUG line for every operation when it has ended: what, how long it took, and how it failed. */
export function withLog(inner: Remote, log: Logger): Remote {
  const line: Line = (path, text) => log.log({ level: 'DEBUG', object: path, text })
  const run = <T>(operation: string, path: Path, work: () => Promise<T>): Promise<T> =>
    timed(line, operation, path, work)
  return wrap(inner, {
    facts: 'forward',
    nameProblem: 'forward',
    identity: 'forward',
    close: 'forward',
    command: 'forward',
    list: (dir, options) => logPages(line, 'list', dir, inner.list(dir, options)),
    listAll: (dir, options) => logPages(line, 'list all', dir, inner.listAll?.(dir, options) ?? lacking()),
    stat: (path, options) => run('stat', path, () => inner.stat(path, options)),
    open: async (path, options) => logReader(line, await run('open', path, () => inner.open(path, options))),
    write: (path, source, options) => run('write', path, () => inner.write(path, source, options)),
    remove: (path, options) => run('remove', path, () => inner.remove(path, options)),
    mkdir: (dir, options) => run('make directory', dir, () => inner.mkdir(dir, options)),
    rmdir: (dir, options) => run('remove directory', dir, () => inner.rmdir(dir, options)),
    copy: (from, to, options) => run(`copy to ${to}`, from, () => inner.copy?.(from, to, options) ?? lacking()),
    move: (from, to, options) => run(`move to ${to}`, from, () => inner.move?.(from, to, options) ?? lacking()),
    moveDir: (from, to, options) =>
      run(`move directory to ${to}`, from, () => inner.moveDir?.(from, to, options) ?? lacking()),
    purge: (dir, options) => run('purge', dir, () => inner.purge?.(dir, options) ?? lacking()),
    setTimes: (entry, times, options) =>
      run('set times', entry.path, () => inner.setTimes?.(entry, times, options) ?? lacking()),
    hash: (entry, type, options) =>
      run(`hash ${type}`, entry.path, () => inner.hash?.(entry, type, options) ?? lacking()),
    openParts: (path, source, options) =>
      run('open parts', path, () => inner.openParts?.(path, source, options) ?? lacking()),
    metadata: (entry, options) => run('metadata', entry.path, () => inner.metadata?.(entry, options) ?? lacking()),
    setMetadata: (entry, metadata, options) =>
      run('set metadata', entry.path, () => inner.setMetadata?.(entry, metadata, options) ?? lacking()),
    about: (path, options) => run('about', path, () => inner.about?.(path, options) ?? lacking()),
    userInfo: (options) => run('userInfo', '', () => inner.userInfo?.(options) ?? lacking()),
    cleanUp: (options) => run('clean up', '', () => inner.cleanUp?.(options) ?? lacking()),
    links: {
      create: (path, options) => run('make link', path, () => inner.links?.create(path, options) ?? lacking()),
      remove: (path, options) => run('remove link', path, () => inner.links?.remove(path, options) ?? lacking()),
    },
  })
}

type Line = (path: Path, text: string) => void

async function timed<T>(line: Line, operation: string, path: Path, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    const result = await work()
    line(path, `${operation}: done in ${since(start)}`)
    return result
  } catch (error) {
    line(path, `${operation}: failed after ${since(start)}: ${messageOf(error)}`)
    throw error
  }
}

async function* logPages<P extends readonly unknown[]>(
  line: Line,
  operation: string,
  path: Path,
  pages: AsyncIterable<P>,
): AsyncGenerator<P> {
  const start = performance.now()
  let entries = 0
  try {
    for await (const page of pages) {
      entries += page.length
      yield page
    }
    line(path, `${operation}: ${entries} entries in ${since(start)}`)
  } catch (error) {
    line(path, `${operation}: failed after ${entries} entries: ${messageOf(error)}`)
    throw error
  }
}

function logReader(line: Line, reader: Reader): Reader {
  const { path } = reader.entry
  return {
    entry: reader.entry,
    async *stream(range = {}, options = {}): ByteStream {
      const start = performance.now()
      let bytes = 0
      try {
        for await (const chunk of reader.stream(range, options)) {
          bytes += chunk.length
          yield chunk
        }
      } finally {
        line(path, `read: ${bytes} bytes from ${range.offset ?? 0} in ${since(start)}`)
      }
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  }
}

function since(start: number): string {
  return `${Math.round(performance.now() - start)} ms`
}
