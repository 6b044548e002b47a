import type { Command } from '../cli/command.ts'
import { timeFrom } from '../core/time.ts'
import { parseTimestamp, touch } from '../operations/touch.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'
import { gateOf } from './gate.ts'
import { metadataOptions } from './metadata.ts'

const options = {
  noCreate: option(bool, false, 'Do not make a file that is not there', { short: 'C' }),
  timestamp: option(text, '', 'The time, as 2006-01-02T15:04:05 or YYMMDD, instead of now', { short: 't' }),
  localtime: option(bool, false, 'The time is in local time, not in UTC'),
  recursive: option(bool, false, 'Also touch what is in directories', { short: 'R' }),
}

export const command: Command<typeof options> = {
  name: 'touch',
  summary: 'Set the time of files, or make an empty one',
  usage: 'remote:path',
  help: `Sets the time of modification of a file, or of the files in a directory; the directories themselves keep theirs. A file
that is not there is made, with nothing in it, and with --metadata gets what --metadata-set says.

    fjord touch jotta:note.txt
    fjord touch -t 2020-03-04T05:06:07 jotta:photos -R`,
  options,
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important', 'Metadata', 'Filter', 'Listing'],
  async run(invocation) {
    const { args, ctx, open, filter, global, options: o } = invocation
    const time = o.timestamp === '' ? timeFrom(Date.now()) : parseTimestamp(o.timestamp, o.localtime)
    const [typed = ''] = args
    const settings = { ...o, ...metadataOptions(global), maxDepth: global.maxDepth, isDirectory: typed.endsWith('/') }
    await touch(ctx, await open.location(typed), { ...settings, time, filter, gate: gateOf(invocation) })
  },
}
