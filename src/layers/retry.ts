import type { FileEntry } from '../core/entry.ts'
import { isStorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { CallOptions } from '../core/stream.ts'
import { wrap } from '../core/wrap.ts'
import type { Attempts, RetryOptions } from './attempts.ts'
import { createAttempts } from './attempts.ts'
import { lacking } from './lacking.ts'
import type { Renaming } from './look.ts'
import { arrived, lookAt } from './look.ts'
import { retryPages, retryReader } from './retry-reading.ts'

/**
 * Repeats an operation that failed and may succeed later: above the repetitions of single requests and below `--retries`.
 * A read goes on at the byte it reached, a write asks its source again, a listing starts over only before its first page.
 * After an error of unknown effect it looks before it repeats, so that a move whose answer was lost does not end as
 * 'not-found'. What is still wrong after the last attempt is marked 'given-up', so that nobody multiplies the attempts.
 */
export function withRetry(inner: Remote, o: RetryOptions): Remote {
  const retry = <T>(
    path: Path,
    options: CallOptions | undefined,
    run: (attempts: Attempts) => Promise<T>,
  ): Promise<T> => retryOperation(createAttempts(o, path, options?.signal), run)
  return wrap(inner, {
    facts: 'forward',
    nameProblem: 'forward',
    identity: 'forward',
    close: 'forward',
    command: 'forward',
    list: (dir, options) => retryPages(createAttempts(o, dir, options?.signal), () => inner.list(dir, options)),
    listAll: (dir, options) =>
      retryPages(createAttempts(o, dir, options?.signal), () => inner.listAll?.(dir, options) ?? lacking()),
    stat: (path, options) => retry(path, options, () => inner.stat(path, options)),
    open: async (path, options) => retryReader(o, await retry(path, options, () => inner.open(path, options))),
    write: (path, source, options) => retry(path, options, () => inner.write(path, source, options)),
    mkdir: (dir, options) => retry(dir, options, () => inner.mkdir(dir, options)),
    remove: (path, options) =>
      retry(
        path,
        options,
        until('not-found', () => inner.remove(path, options)),
      ),
    rmdir: (dir, options) =>
      retry(
        dir,
        options,
        until('dir-not-found', () => inner.rmdir(dir, options)),
      ),
    purge: (dir, options) =>
      retry(
        dir,
        options,
        until('dir-not-found', () => inner.purge?.(dir, options) ?? lacking()),
      ),
    copy: (from, to, options) => retry(from, options, () => inner.copy?.(from, to, options) ?? lacking()),
    move: (from, to, options) => retry(from, options, moveOnce(inner, { from, to, options })),
    moveDir: (from, to, options) => retry(from, options, moveDirOnce(inner, { from, to, options })),
    setTimes: (entry, times, options) =>
      retry(entry.path, options, () => inner.setTimes?.(entry, times, options) ?? lacking()),
    hash: (entry, type, options) => retry(entry.path, options, () => inner.hash?.(entry, type, options) ?? lacking()),
    openParts: (path, source, options) =>
      retry(path, options, () => inner.openParts?.(path, source, options) ?? lacking()),
    metadata: (entry, options) => retry(entry.path, options, () => inner.metadata?.(entry, options) ?? lacking()),
    setMetadata: (entry, metadata, options) =>
      retry(entry.path, options, () => inner.setMetadata?.(entry, metadata, options) ?? lacking()),
    about: (path, options) => retry(path, options, () => inner.about?.(path, options) ?? lacking()),
    userInfo: (options) => retry('', options, () => inner.userInfo?.(options) ?? lacking()),
    cleanUp: (options) => retry('', options, () => inner.cleanUp?.(options) ?? lacking()),
    links: {
      create: (path, options) => retry(path, options, () => inner.links?.create(path, options) ?? lacking()),
      remove: (path, options) => retry(path, options, () => inner.links?.remove(path, options) ?? lacking()),
    },
  })
}

async function retryOperation<T>(attempts: Attempts, run: (attempts: Attempts) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run(attempts)
    } catch (error) {
      await attempts.failed(error)
    }
  }
}

/** A removal: that nothing is there any more is success once an earlier attempt may have removed it. */
function until(code: 'not-found' | 'dir-not-found', remove: () => Promise<void>) {
  return async (attempts: Attempts): Promise<void> => {
    try {
      await remove()
    } catch (error) {
      if (!attempts.unsure || !isStorageError(error, code)) throw error
    }
  }
}

function moveOnce(inner: Remote, renaming: Renaming): (attempts: Attempts) => Promise<FileEntry> {
  const { from, to, options } = renaming
  let seen: FileEntry | undefined
  return async ({ unsure }) => {
    if (unsure) {
      const { before, after } = await lookAt(inner, renaming)
      if (before?.kind === 'file') seen = before
      if (arrived(after, seen)) return after
    }
    return await (inner.move?.(from, to, options) ?? lacking())
  }
}

function moveDirOnce(inner: Remote, renaming: Renaming): (attempts: Attempts) => Promise<void> {
  const { from, to, options } = renaming
  return async ({ unsure }) => {
    if (unsure && (await lookAt(inner, renaming)).after?.kind === 'dir') return
    await (inner.moveDir?.(from, to, options) ?? lacking())
  }
}
