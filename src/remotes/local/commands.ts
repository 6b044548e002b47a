import { StorageError } from '../../core/errors.ts'
import type { CommandWords } from '../../core/remote.ts'
import type { RemoteCommand } from '../../options/remote-definition.ts'

/** The commands of a disk (`fjord backend`). */
export const commands: readonly RemoteCommand[] = [
  {
    name: 'noop',
    summary: 'Does nothing, for trying out how commands are given.',
    help: 'With options it gives back what it was given, or fails.',
    options: { echo: 'Give back the arguments and options.', error: 'Fail with this text.' },
  },
]

/** `Remote.command`, with rclone's answers. */
export async function runCommand(name: string, { args, options }: CommandWords): Promise<unknown> {
  await Promise.resolve()
  if (name !== 'noop') throw new StorageError('unsupported', 'command not found')
  const { echo, error } = options
  if (error !== undefined) throw new StorageError('io', error === '' ? 'unspecified error' : error)
  return echo === undefined ? undefined : { arg: args, name, opt: options }
}
