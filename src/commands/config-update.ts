import type { Command } from '../cli/command.ts'
import { parseParameters, updateRemote } from '../config/create.ts'
import { createOptions, machineHelp, printSetUp, setUpDeps, setUpOptions, unseenHelp } from './config-set-up.ts'

export const command: Command<typeof setUpOptions> = {
  name: 'config update',
  summary: 'Change options of a remote',
  usage: 'name [key value]...',
  help: `Changes keys of a remote and keeps the others. Keys that begin with config_ are about its login: one that still works is
left alone, a dead one is exchanged. config_refresh_token=true exchanges it in any case, config_refresh_token=false never.

    fjord config update jotta hard_delete=true
    fjord config update jotta config_login_token_file=-

${unseenHelp}

${machineHelp}`,
  options: setUpOptions,
  args: { min: 1, max: Number.POSITIVE_INFINITY },
  async run(invocation) {
    const { args, options } = invocation
    const [name = '', ...rest] = args
    const deps = await setUpDeps(invocation)
    const reply = await updateRemote({ name, parameters: parseParameters(rest) }, deps, createOptions(options))
    await printSetUp(name, reply, invocation)
  },
}
