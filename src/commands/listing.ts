import type { Invocation, SourceArgument } from '../cli/command.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import { relative } from '../core/path.ts'
import { findFiles } from '../operations/find-files.ts'
import { shownPath } from '../options/standard-names.ts'
import { walk } from '../operations/walk.ts'

/** An entry and its path as seen from the argument, in the form that is shown. */
export interface Listed {
  readonly entry: Entry
  readonly shown: string
}

/** What the argument of a listing command holds: its tree down to `maxDepth` levels (-1: all), or the one file that it names. */
export async function* listed(
  { ctx, filter }: Pick<Invocation, 'ctx' | 'filter'>,
  source: SourceArgument,
  maxDepth: number,
): AsyncGenerator<readonly Listed[]> {
  if (source.file !== undefined) {
    for await (const page of findFiles(ctx, source))
      yield page.map(({ entry, shown }) => ({ entry, shown: shownPath(shown) }))
    return
  }
  for await (const page of walk(ctx, source, { maxDepth, filter })) {
    yield page.map((entry) => ({ entry, shown: shownPath(relative(entry.path, source.path)) }))
  }
}

/** Calls `show` for every file of the argument, in the order of the listing. */
export async function eachFile(
  { ctx, args, open, global, filter }: Pick<Invocation, 'ctx' | 'args' | 'open' | 'global' | 'filter'>,
  show: (file: FileEntry, shown: string) => void,
): Promise<void> {
  const source = await open.listed(args[0] ?? '')
  for await (const page of findFiles(ctx, source, { maxDepth: global.maxDepth, filter })) {
    for (const { entry, shown } of page) show(entry, shownPath(shown))
  }
}
