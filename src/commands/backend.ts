import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { featuresOf } from '../operations/features.ts'
import { goQuote } from '../options/go-syntax.ts'

export const command: Command = {
  name: 'backend',
  summary: 'Show what a remote can do',
  usage: 'features remote:path',
  help: `The one command of this kind that every remote has is "features": what the remote is able to do, as JSON.

    fjord backend features jotta:`,
  options: {},
  args: { min: 2, max: 2 },
  run: runBackend,
}

async function runBackend({ args, open, out }: Invocation): Promise<void> {
  const [name = '', typed = ''] = args
  const { remote, path } = await open.location(typed)
  if (name !== 'features') throw new StorageError('unsupported', `${goQuote(name)} command not found`)
  out.text(`${JSON.stringify(featuresOf(remote, path), undefined, '\t')}\n`)
}
