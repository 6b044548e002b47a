import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { gateOf } from './gate.ts'

export const command: Command = {
  name: 'cleanup',
  summary: 'Empty the trash of the account',
  usage: 'remote:',
  help: `Removes for good all that is in the trash, of the whole account, whatever path is given. This cannot be undone.

    fjord cleanup jotta:`,
  options: {},
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important'],
  run: cleanUp,
}

async function cleanUp(invocation: Invocation): Promise<void> {
  const { remote, path } = await invocation.open.source(invocation.args[0] ?? '')
  const object = remote.facts(path).description
  if (!remote.cleanUp) throw new StorageError('unsupported', `${object} doesn't support cleanup`)
  const decision = await gateOf(invocation)({ action: 'clean up old files', object })
  if (decision === 'do') await remote.cleanUp({ signal: invocation.ctx.signal })
}
