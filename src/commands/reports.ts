import { createWriteStream } from 'node:fs'
import type { Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { hashTypes } from '../core/hash.ts'
import type { Path } from '../core/path.ts'
import { parent } from '../core/path.ts'
import type { LsfFormat } from '../operations/lsf-line.ts'
import { createLsfLine } from '../operations/lsf-line.ts'
import { dateTimeLayout } from '../options/time-layout.ts'
import { option } from '../options/option.ts'
import type { ValuesOf } from '../options/option.ts'
import { bool, text } from '../options/types.ts'
import type { Outcome, OutcomeKind, OutcomeListener } from '../sync/outcome.ts'

/** What copy, move and sync can write down about every file (rclone's surface §1.4). */
export const reportOptions = {
  combined: option(text, '', 'A file for all paths with what was found about them; - is standard output'),
  missingOnSrc: option(text, '', 'A file for the paths that the source lacks'),
  missingOnDst: option(text, '', 'A file for the paths that the destination lacks'),
  match: option(text, '', 'A file for the paths that are the same'),
  differ: option(text, '', 'A file for the paths that differ'),
  error: option(text, '', 'A file for the paths that failed'),
  destAfter: option(text, '', 'A file for what the destination has afterwards'),
  format: option(text, 'p', 'Fields of --dest-after, as in lsf', { short: 'F' }),
  separator: option(text, ';', 'What stands between fields', { short: 's' }),
  dirSlash: option(bool, true, 'Put a slash behind the names of directories', { short: 'd' }),
  csv: option(bool, false, 'Quote fields as CSV does'),
  absolute: option(bool, false, 'Put a slash before every path'),
  dirsOnly: option(bool, false, 'Directories only'),
  filesOnly: option(bool, true, 'Files only'),
  hash: option(text, 'md5', 'The hash that h prints'),
  timeformat: option(text, '', 'A Go time layout, the name of one, max, unix or unixnano', { short: 't' }),
}

/** Open reports. */
export interface Reports {
  readonly listener: OutcomeListener
  /** Resolves when all is written. */
  close(): Promise<void>
}

const sigils: Readonly<Record<OutcomeKind, string>> = {
  match: '=',
  differ: '*',
  'missing-on-src': '-',
  'missing-on-dst': '+',
  error: '!',
}

type ReportInvocation = Invocation<typeof reportOptions>

/**
 * Opens the reports that were asked for; undefined for none.
 * @throws StorageError 'config' where a file cannot be written
 */
export async function openReports(invocation: ReportInvocation): Promise<Reports | undefined> {
  const { options: o } = invocation
  const sinks = createSinks(invocation)
  const combined = await sinks.open(o.combined)
  const after = await sinks.open(o.destAfter)
  const single = {
    match: await sinks.open(o.match),
    differ: await sinks.open(o.differ),
    'missing-on-src': await sinks.open(o.missingOnSrc),
    'missing-on-dst': await sinks.open(o.missingOnDst),
    error: await sinks.open(o.error),
  }
  if (!sinks.any()) return undefined
  const lineOf = after && afterLines(invocation)
  let lines: Promise<void> = Promise.resolve()
  return {
    listener(outcome) {
      if (outcome.kind === 'after') {
        lines = lines.then(async () => {
          for (const line of (await lineOf?.(outcome)) ?? []) after?.(line)
        })
        return
      }
      combined?.(`${sigils[outcome.kind]} ${outcome.path}`)
      single[outcome.kind]?.(outcome.path)
    },
    async close() {
      await lines
      await sinks.close()
    },
  }
}

type Sink = (line: string) => void

function createSinks({ out }: ReportInvocation) {
  const closers: (() => Promise<void>)[] = []
  let any = false
  return {
    any: () => any,
    async open(path: string): Promise<Sink | undefined> {
      if (path === '') return undefined
      any = true
      if (path === '-') return (line) => out.line(line)
      const stream = createWriteStream(path)
      await new Promise<void>((resolve, reject) => {
        stream.once('open', () => resolve())
        stream.once('error', (cause) =>
          reject(new StorageError('config', `Failed to open the report ${path}: ${cause.message}`, { cause })),
        )
      })
      closers.push(
        () =>
          new Promise((resolve, reject) => stream.end((error?: Error | null) => (error ? reject(error) : resolve()))),
      )
      return (line) => void stream.write(`${line}\n`)
    },
    async close(): Promise<void> {
      for (const close of closers) await close()
    },
  }
}

/** Lines of `--dest-after`, in the form of lsf; a directory comes once, with the first thing that is known to be in it. */
function afterLines({
  options: o,
  global,
  ctx,
}: ReportInvocation): (outcome: Outcome & { readonly kind: 'after' }) => Promise<readonly string[]> {
  const format = formatOf(o, global.defaultTime)
  const dirs = new Set<Path>([''])
  const ancestors = (path: Path): readonly Path[] => {
    const found: Path[] = []
    for (let dir = path; !dirs.has(dir); dir = parent(dir)) {
      dirs.add(dir)
      found.unshift(dir)
    }
    return found
  }
  return async ({ entry, path, remote }) => {
    const line = createLsfLine(remote, format, () =>
      ctx.log.log({ level: 'ERROR', object: path, text: 'Failed to read hash: hash type not supported' }),
    )
    const lines: string[] = []
    const above = o.filesOnly ? [] : ancestors(entry.kind === 'dir' ? path : parent(path))
    for (const dir of above)
      lines.push(await line(dir === path && entry.kind === 'dir' ? entry : { kind: 'dir', path: dir }, dir))
    if (entry.kind === 'file' && !o.dirsOnly) lines.push(await line(entry, path))
    return lines
  }
}

function formatOf(o: ValuesOf<typeof reportOptions>, defaultTime: bigint): LsfFormat {
  const hash = hashTypes.find((type) => type === o.hash.toLowerCase())
  if (!hash) throw new StorageError('invalid-argument', `unknown hash type "${o.hash}"`)
  return {
    format: o.format,
    separator: o.csv && o.separator === ';' ? ',' : o.separator,
    csv: o.csv,
    dirSlash: o.dirSlash,
    absolute: o.absolute,
    hash,
    timeLayout: o.timeformat || dateTimeLayout,
    defaultTime,
  }
}
