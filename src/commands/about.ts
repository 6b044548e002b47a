import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import type { Usage } from '../core/remote.ts'
import { option } from '../options/option.ts'
import { formatSizeUnit } from '../options/size-format.ts'
import { bool } from '../options/types.ts'

const options = {
  full: option(bool, false, 'Print bytes'),
  json: option(bool, false, 'Print JSON'),
}

const order = ['total', 'used', 'free', 'trashed', 'other', 'objects'] as const satisfies readonly (keyof Usage)[]

export const command: Command<typeof options> = {
  name: 'about',
  summary: 'Show how much space is used and free',
  usage: 'remote:',
  help: `Prints what the remote says of its space. An account without a limit has no total and no free space.

    fjord about jotta:
    fjord about jotta: --json`,
  options,
  args: { min: 1, max: 1 },
  run: show,
}

async function show({ args, open, ctx, out, options: o }: Invocation<typeof options>): Promise<void> {
  const { remote, path } = await open.source(args[0] ?? '')
  if (!remote.about) throw new StorageError('unsupported', `${remote.facts(path).description} doesn't support about`)
  const usage = await remote.about(path, { signal: ctx.signal })
  const known = order.flatMap((key) => (usage[key] === undefined ? [] : [[key, usage[key]] as const]))
  if (o.json) {
    out.text(`${JSON.stringify(Object.fromEntries(known), undefined, '\t')}\n`)
    return
  }
  for (const [key, value] of known) {
    const label = `${key.charAt(0).toUpperCase()}${key.slice(1)}:`.padEnd(9)
    out.line(label + (o.full || key === 'objects' ? String(value) : formatSizeUnit(value)))
  }
}
