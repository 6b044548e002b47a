import type { Command } from '../cli/command.ts'
import { parseParameters } from '../config/create.ts'
import { reconnectRemote } from '../config/reconnect.ts'
import { setUpDeps, unseenHelp } from './config-set-up.ts'
import { remoteName } from './remote-name.ts'

export const command: Command = {
  name: 'config reconnect',
  summary: 'Log a remote in again',
  usage: 'remote: [config_key value]...',
  help: `Asks the questions of the login again. Device, mountpoint and options of the remote stay as they are, and the old login
stays until the new one works. Answers can be given behind the name; then those questions are not asked.

    fjord config reconnect jotta:

${unseenHelp}`,
  options: {},
  args: { min: 1, max: Number.POSITIVE_INFINITY },
  async run(invocation) {
    const [typed = '', ...rest] = invocation.args
    const deps = await setUpDeps(invocation)
    await reconnectRemote(remoteName(typed, deps.platform), parseParameters(rest), deps)
  },
}
