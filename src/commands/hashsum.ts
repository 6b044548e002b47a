import type { Command } from '../cli/command.ts'
import { hashTypeOf, listHashes, printSums, sumOptions } from './sums.ts'

export const command: Command<typeof sumOptions> = {
  name: 'hashsum',
  summary: 'Print hashes of files',
  usage: '[<hash> remote:path]',
  help: `Prints the hash of every file below the path: hash, two spaces, path. Without a path, or with -, it is that of standard
input. Without any argument it lists the hashes that there are.

Jottacloud has MD5 alone; others need --download.

    fjord hashsum md5 jotta:photos
    fjord hashsum sha256 --download jotta:photos`,
  options: sumOptions,
  args: { min: 0, max: 2 },
  groups: ['Filter', 'Listing'],
  async run(invocation) {
    const [name, path] = invocation.args
    if (name === undefined) listHashes(invocation.out)
    else await printSums(invocation, hashTypeOf(name, invocation.out), path)
  },
}
