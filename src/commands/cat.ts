import type { Command, Invocation } from '../cli/command.ts'
import { cat, catPart } from '../operations/cat.ts'
import { option } from '../options/option.ts'
import { bool, int, text } from '../options/types.ts'

const options = {
  head: option(int, 0, 'Print the first N bytes of each file'),
  tail: option(int, 0, 'Print the last N bytes of each file'),
  offset: option(int, 0, 'Start at this byte; a negative one counts from the end'),
  count: option(int, -1, 'Print at most N bytes of each file'),
  discard: option(bool, false, 'Read and verify everything, print nothing'),
  separator: option(text, '', 'Text to print after each file'),
}

export const command: Command<typeof options> = {
  name: 'cat',
  summary: 'Print the content of files',
  usage: 'remote:path',
  help: `Prints the content of the file, or of every file below the directory, one after another.

    fjord cat jotta:notes.txt
    fjord cat jotta:logs --tail 1024`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  run: print,
}

async function print({ args, open, ctx, out, global, filter, options: o }: Invocation<typeof options>): Promise<void> {
  const part = catPart(o)
  const separator = Buffer.from(o.separator, 'utf8')
  const source = await open.listed(args[0] ?? '')
  for await (const { content } of cat(ctx, source, { part, maxDepth: global.maxDepth, filter })) {
    for await (const chunk of content) {
      if (!o.discard) await out.bytes(chunk)
    }
    if (separator.length > 0 && !o.discard) await out.bytes(separator)
  }
}
