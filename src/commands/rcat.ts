import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { timeFrom } from '../core/time.ts'
import { rcat } from '../operations/rcat.ts'
import { option } from '../options/option.ts'
import { int } from '../options/types.ts'
import { gateOf } from './gate.ts'
import { metadataOptions } from './metadata.ts'

const options = { size: option(int, -1, 'How many bytes will come, where that is known') }

export const command: Command<typeof options> = {
  name: 'rcat',
  summary: 'Write standard input to a file',
  usage: 'remote:path/file',
  help: `Writes what comes through a pipe to the file, which shows under its name only when it is whole.

Jottacloud must know the checksum before the first byte: what is longer than --jottacloud-md5-memory-limit is kept in a
temporary file meanwhile.

Its time is now; with --metadata, --metadata-set names another, and whatever else the remote keeps.

    tar c photos | fjord rcat jotta:backup/photos.tar`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Important', 'Metadata'],
  async run(invocation) {
    const { args, ctx, open, stdin, global, options: o } = invocation
    if (invocation.stdinIsDevice()) {
      throw new StorageError('config', 'nothing to read from standard input (stdin).')
    }
    const dest = await open.file(args[0] ?? '')
    const size = o.size < 0 ? undefined : o.size
    await rcat(ctx, dest, stdin, {
      ...metadataOptions(global),
      size,
      modified: timeFrom(Date.now()),
      cutoff: global.streamingUploadCutoff,
      gate: gateOf(invocation),
    })
  },
}
