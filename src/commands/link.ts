import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import { durationOff } from '../options/duration.ts'
import { option } from '../options/option.ts'
import { bool, duration } from '../options/types.ts'
import { gateOf } from './gate.ts'

const options = {
  expire: option(duration, durationOff, 'How long the link is to last; Jottacloud keeps links until they are removed'),
  unlink: option(bool, false, 'Remove the link'),
}

export const command: Command<typeof options> = {
  name: 'link',
  summary: 'Make a public link to a file or directory',
  usage: 'remote:path',
  help: `Makes a link by which anybody can fetch the file, or the directory as an archive, and prints it. One that is there
already stays and is printed. --unlink takes it away again.

    fjord link jotta:photos/summer.jpg
    fjord link --unlink jotta:photos/summer.jpg`,
  options,
  args: { min: 1, max: 1 },
  run: link,
}

async function link(invocation: Invocation<typeof options>): Promise<void> {
  const { args, open, ctx, out, options: o } = invocation
  const { remote, path: dir, file } = await open.source(args[0] ?? '')
  const object = remote.facts(dir).description
  if (!remote.links) throw new StorageError('unsupported', `${object} doesn't support public links`)
  const path = join(dir, file ?? '')
  if (o.expire !== durationOff && !o.unlink) {
    await remote.links.create(path, { expire: Number(o.expire / 1_000_000n), signal: ctx.signal })
  }
  const action = o.unlink ? 'remove public link' : 'create public link'
  if ((await gateOf(invocation)({ action, object: path })) !== 'do') return
  if (o.unlink) await remote.links.remove(path, { signal: ctx.signal })
  else out.line(await remote.links.create(path, { signal: ctx.signal }))
}
