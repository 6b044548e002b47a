import type { Command } from '../cli/command.ts'
import { checksum } from '../operations/checksum.ts'
import { checkOptions, openCheckReports } from './check-reports.ts'
import { hashTypeOf, readSums } from './sums.ts'

export const command: Command<typeof checkOptions> = {
  name: 'checksum',
  summary: 'Compare files with a list of sums',
  usage: '<hash> sumfile dest:path',
  help: `Compares the hashes of the files in the destination with those in a file, as md5sum and its relatives write it, and says
which are missing or differ.

    fjord checksum md5 SUMS jotta:photos`,
  options: checkOptions,
  args: { min: 3, max: 3 },
  stats: true,
  groups: ['Filter', 'Listing'],
  async run(invocation) {
    const { args, ctx, open, out, global, filter, options: o } = invocation
    const [name = '', sumFile = '', to = ''] = args
    const type = hashTypeOf(name, out)
    const [dest, sums] = [await open.directory(to), await readSums(invocation, sumFile)]
    using reports = openCheckReports(o, out)
    await checksum(ctx, dest, sums, { ...o, ...reports, type, filter, maxDepth: global.maxDepth })
  },
}
