import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'

export const command: Command = {
  name: 'config disconnect',
  summary: 'End the login of a remote on its service, where the service can do that',
  usage: 'remote:',
  help: `Ends the login on the service. None of fjord's services can do that from here: on Jottacloud, logins are ended in the account's
security settings on the web site. "config delete" removes a remote, and its login with it, from this machine.`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args: [typed = ''], open }) {
    const { remote, path } = await open.location(typed)
    throw new StorageError('usage', `${remote.facts(path).description} doesn't support Disconnect`)
  },
}
