import type { Command, Invocation } from '../cli/command.ts'
import { sizeOf } from '../operations/size.ts'
import { goJson } from '../options/go-json.ts'
import { option } from '../options/option.ts'
import { formatCount, formatSizeUnit } from '../options/size-format.ts'
import { bool } from '../options/types.ts'

const options = { json: option(bool, false, 'Print JSON') }

export const command: Command<typeof options> = {
  name: 'size',
  summary: 'Show how many files there are and how big they are',
  usage: 'remote:path',
  help: `Counts the files below the path and adds up their sizes.

    fjord size jotta:photos
    fjord size jotta:photos --include '*.jpg' --json`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  run: show,
}

async function show({ args, ctx, open, out, global, filter, options: o }: Invocation<typeof options>): Promise<void> {
  const typed = args[0] ?? ''
  const { count, bytes, sizeless } = await sizeOf(ctx, await open.listed(typed), { maxDepth: global.maxDepth, filter })
  if (o.json) {
    out.line(goJson({ count, bytes, sizeless, fs: typed }))
    return
  }
  out.line(`Total objects: ${counted(count)}`)
  out.line(`Total size: ${formatSizeUnit(bytes)} (${bytes} Byte)`)
  if (sizeless > 0) out.line(`Total objects with unknown size: ${formatCount(sizeless)} (${sizeless})`)
}

function counted(count: number): string {
  return count < 1000 ? String(count) : `${formatCount(count)} (${count})`
}
