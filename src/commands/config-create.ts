import type { Command } from '../cli/command.ts'
import { createRemote, parseParameters } from '../config/create.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { createOptions, machineHelp, printSetUp, setUpDeps, setUpOptions, unseenHelp } from './config-set-up.ts'

const options = {
  ...setUpOptions,
  keepLogin: option(bool, false, 'Leave a stored login that still works alone: for scripts that run again'),
}

export const command: Command<typeof options> = {
  name: 'config create',
  summary: 'Make a remote, or replace one',
  usage: 'name type [key value]...',
  help: `Makes a remote of that name and type, or replaces the one there is. Options follow as "key value" or key=value.
Keys that begin with config_ answer the questions of a login and are not saved; for other questions the default counts. For
Jottacloud a personal login token is needed, from the security page of the account; it can be used once.

    fjord config create jotta jottacloud config_login_token_file=token.txt
    fjord config create photos alias remote=jotta:photos

${unseenHelp}

${machineHelp}`,
  options,
  args: { min: 2, max: Number.POSITIVE_INFINITY },
  async run(invocation) {
    const { args, options: o } = invocation
    const [name = '', type = '', ...rest] = args
    const deps = await setUpDeps(invocation)
    const how = { ...createOptions(o), keepLogin: o.keepLogin }
    const reply = await createRemote({ name, type, parameters: parseParameters(rest) }, deps, how)
    await printSetUp(name, reply, invocation)
  },
}
