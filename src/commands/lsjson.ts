import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { timeFrom } from '../core/time.ts'
import { inListing } from '../operations/failures.ts'
import type { JsonFormat } from '../operations/list-json.ts'
import { createJsonItems, wantedHashes } from '../operations/list-json.ts'
import { statJson } from '../operations/stat-json.ts'
import { goJson } from '../options/go-json.ts'
import { option } from '../options/option.ts'
import { bool, textList } from '../options/types.ts'
import { listed } from './listing.ts'

const options = {
  recursive: option(bool, false, 'Also list what is in directories', { short: 'R' }),
  hash: option(bool, false, 'Show the hashes that the remote has'),
  hashType: option(textList, [], 'Show this hash; may be repeated'),
  noModtime: option(bool, false, 'Leave the time of modification empty'),
  noMimetype: option(bool, false, 'Leave out the MIME type'),
  encrypted: option(bool, false, 'Show encrypted names'),
  original: option(bool, false, 'Show the ID of what lies under another name'),
  filesOnly: option(bool, false, 'List files only'),
  dirsOnly: option(bool, false, 'List directories only'),
  metadata: option(bool, false, 'Show metadata', { short: 'M' }),
  stat: option(bool, false, 'Show the path itself, not what is in it'),
}

export const command: Command<typeof options> = {
  name: 'lsjson',
  summary: 'List as JSON',
  usage: 'remote:path',
  help: `Prints the files and directories in the path as a JSON array, one object a line.

    fjord lsjson jotta:photos
    fjord lsjson -R --files-only --hash jotta:photos
    fjord lsjson --stat jotta:photos/one.jpg`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  run: (invocation) => (invocation.options.stat ? stat(invocation) : list(invocation)),
}

async function list(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, global, out, open, options: o } = invocation
  const source = await open.listed(args[0] ?? '')
  out.line('[')
  const item = createJsonItems(ctx, source.remote, formatOf(invocation))
  const depth = o.recursive || global.maxDepth !== -1 ? global.maxDepth : 1
  let before = ''
  for await (const page of inListing(listed(invocation, source, depth))) {
    for (const { entry, shown } of page) {
      if (entry.kind === 'dir' ? o.filesOnly : o.dirsOnly) continue
      out.text(before + goJson(await item(entry, shown)))
      before = ',\n'
    }
  }
  out.text(`${before === '' ? '' : '\n'}]\n`)
}

async function stat(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, out, open, options: o } = invocation
  const source = await open.source(args[0] ?? '')
  const item = await statJson(ctx, source, { ...o, ...formatOf(invocation), now: timeFrom(Date.now()) })
  out.text(`${goJson(item ?? null, '\t')}\n`)
}

function formatOf({ options: o, global }: Invocation<typeof options>): JsonFormat {
  if (o.encrypted) throw new StorageError('unsupported', 'the remote needs to be of type "crypt"')
  return { ...o, hashes: wantedHashes(o.hash, o.hashType), defaultTime: global.defaultTime }
}
