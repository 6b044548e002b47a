import type { Invocation, SourceArgument } from '../cli/command.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import { join, relative } from '../core/path.ts'
import { walk } from '../operations/walk.ts'

/** An entry and its path as seen from the argument. */
export interface Listed {
  readonly entry: Entry
  readonly shown: string
}

/**
 * What the argument of a listing command holds: its tree down to `maxDepth` levels (-1: all), or the one file that it names.
 */
export async function* listed(invocation: Pick<Invocation, 'ctx' | 'global'>, source: SourceArgument, maxDepth: number): AsyncGenerator<readonly Listed[]> {
  if (source.file !== undefined) {
    const path = join(source.path, source.file)
    const entry = await source.remote.stat(path, { signal: invocation.ctx.signal })
    if (!entry) throw new StorageError('not-found', 'object not found', { details: { path } })
    yield [{ entry, shown: source.file }]
    return
  }
  for await (const page of walk(invocation.ctx, source, { maxDepth })) {
    yield page.map((entry) => ({ entry, shown: relative(entry.path, source.path) }))
  }
}

/** Calls `show` for every file of the argument, in the order of the listing. */
export async function eachFile(invocation: Invocation, show: (file: FileEntry, shown: string) => void | Promise<void>): Promise<void> {
  const source = await invocation.open.source(invocation.args[0] ?? '')
  for await (const page of listed(invocation, source, invocation.global.maxDepth)) {
    for (const { entry, shown } of page) {
      if (entry.kind === 'file') await show(entry, shown)
    }
  }
}
