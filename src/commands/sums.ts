import type { Command, Invocation } from '../cli/command.ts'
import { openReportFile, type ReportFile } from '../cli/report-file.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { hashTypes } from '../core/hash.ts'
import { hashStream } from '../core/open-hasher.ts'
import { checkSigns } from '../operations/check-tally.ts'
import { checksum, readSumList } from '../operations/checksum.ts'
import { parseHashType } from '../operations/hash-names.ts'
import { hashsum, sumLine } from '../operations/hashsum.ts'
import { shownPath } from '../options/standard-names.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

/** The options of hashsum and its relatives. */
export const sumOptions = {
  base64: option(bool, false, 'Print base64 instead of hex'),
  checkfile: option(text, '', 'Compare with the sums in this file instead of printing them', { short: 'C' }),
  download: option(bool, false, 'Read every file and hash it here'),
  outputFile: option(text, '', 'Print to this file instead of standard output'),
}

type SumInvocation = Invocation<typeof sumOptions>

/** md5sum or sha1sum: a hashsum whose type is in its name. */
export function sumCommand(type: HashType, name: string): Command<typeof sumOptions> {
  return {
    name,
    summary: `Print the ${type.toUpperCase()} of files`,
    usage: '[remote:path]',
    help: `Prints the ${type.toUpperCase()} of every file below the path, as the program ${name} does: hash, two spaces, path. Without a
path, or with -, it is that of standard input.

    fjord ${name} jotta:photos
    fjord ${name} -C SUMS jotta:photos`,
    options: sumOptions,
    args: { min: 0, max: 1 },
    groups: ['Filter', 'Listing'],
    run: (invocation) => printSums(invocation, type, invocation.args[0]),
  }
}

/** Prints, or compares, the hashes of what `typed` names: standard input where it is undefined or `-`. */
export async function printSums(invocation: SumInvocation, type: HashType, typed: string | undefined): Promise<void> {
  const { ctx, open, out, global, filter, stdin, options: o } = invocation
  using lines = openOutput(o.outputFile, out)
  if (typed === undefined || (typed === '-' && !invocation.stdinIsDevice())) {
    lines.line(sumLine({ shown: '-', hash: await hashStream(type, stdin) }, type, o.base64))
    return
  }
  const limits = { maxDepth: global.maxDepth, filter, type, download: o.download }
  if (o.checkfile === '') {
    const sums = hashsum(ctx, await open.listed(typed), limits)
    for await (const sum of sums) lines.line(sumLine(sum, type, o.base64))
    return
  }
  const dest = await open.listed(typed)
  await checksum(ctx, dest, await readSums(invocation, o.checkfile), {
    ...limits,
    onOutcome: (outcome, path) => lines.line(`${checkSigns[outcome]} ${shownPath(path)}`),
  })
}

function openOutput(file: string, out: Invocation['out']): ReportFile {
  try {
    return openReportFile(file || '-', out)
  } catch (error) {
    throw new StorageError('io', `failed to open output file ${file}: ${messageOf(error)}`, { cause: error })
  }
}

/** The sums in a file that was named. @throws StorageError 'invalid-argument' where it is no file */
export async function readSums({ ctx, open }: Pick<Invocation, 'ctx' | 'open'>, typed: string) {
  const { file, ...dir } = await open.source(typed)
  if (file === undefined) {
    throw new StorageError('invalid-argument', `not a sum file: ${dir.remote.facts(dir.path).description}`)
  }
  return await readSumList(ctx, { ...dir, file })
}

/** The type of a name. Lists all types where it is none. @throws StorageError 'usage' */
export function hashTypeOf(name: string, out: Invocation['out']): HashType {
  const type = parseHashType(name)
  if (type) return type
  listHashes(out)
  out.line('')
  throw new StorageError('usage', `unknown hash type "${name}"`)
}

/** Prints the names of all types. */
export function listHashes(out: Invocation['out']): void {
  out.line('Supported hashes are:')
  for (const type of hashTypes) out.line(`- ${type}`)
}
