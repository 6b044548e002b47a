import type { Command, Invocation } from '../cli/command.ts'
import { checksum } from '../operations/checksum.ts'
import { option } from '../options/option.ts'
import { text } from '../options/types.ts'
import { check } from '../sync/check.ts'
import { checkOptions, openCheckReports } from './check-reports.ts'
import { gateOf } from './gate.ts'
import { nameTransformOf } from './name-transform.ts'
import { hashTypeOf, readSums } from './sums.ts'

const options = {
  ...checkOptions,
  checkfile: option(text, '', 'The source is a file of sums of this hash', { short: 'C' }),
}

export const command: Command<typeof options> = {
  name: 'check',
  summary: 'Compare two places without changing them',
  usage: 'source:path dest:path',
  help: `Compares the files of source and destination by size and checksum, or by content with --download, and says which
are missing or differ. Nothing is changed; times do not matter.

A combined report has a sign before every path: = same, - only in the destination, + only in the source, * different,
! could not be compared.

    fjord check ~/Pictures jotta:Pictures
    fjord check ~/Pictures jotta:Pictures --one-way --combined -`,
  options,
  args: { min: 2, max: 2 },
  stats: true,
  groups: ['Check', 'Filter', 'Listing'],
  run: compare,
}

async function compare(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, open, out, global, filter, options: o } = invocation
  const [from = '', to = ''] = args
  if (o.checkfile !== '') {
    const type = hashTypeOf(o.checkfile, out)
    const [dest, sums] = [await open.directory(to), await readSums(invocation, from)]
    using reports = openCheckReports(o, out)
    await checksum(ctx, dest, sums, { ...o, ...reports, type, filter, maxDepth: global.maxDepth })
    return
  }
  const nameTransform = await nameTransformOf(invocation)
  const [source, dest] = [await open.listed(from), await open.directory(to)]
  using reports = openCheckReports(o, out)
  await check(ctx, source, dest, { ...global, filter, nameTransform, gate: gateOf(invocation), ...o, ...reports })
}
