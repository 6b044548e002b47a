import type { Command } from '../cli/command.ts'
import { parseParameters, untyped } from '../config/create.ts'
import { setKeys } from '../config/ini.ts'
import { requireRemoteName } from '../config/remote-name.ts'
import { describeRemote } from '../config/show.ts'
import { obscure } from '../options/obscure.ts'

export const command: Command = {
  name: 'config password',
  summary: 'Set passwords of a remote',
  usage: 'name [key value]...',
  help: `Sets keys of a remote to passwords, which are obscured in the config file. "-" takes the password from standard input, so that
it stands in no command line.

    fjord config password secret password -`,
  options: {},
  args: { min: 1, max: Number.POSITIVE_INFINITY },
  async run({ args: [name = '', ...rest], config, openDeps, terminal, out, ctx }) {
    const parameters = parseParameters(rest)
    requireRemoteName(name, (await openDeps()).platform)
    const file = await config()
    if (!file.get(name)?.['type']) throw untyped()
    const passwords: Record<string, string> = {}
    for (const [key, given] of Object.entries(parameters)) {
      passwords[key] = obscure(given === '-' ? await terminal.secret('', 'stderr') : given)
    }
    await file.locked(({ ini, replace }) => replace(setKeys(ini, name, passwords)), { signal: ctx.signal })
    for (const line of await describeRemote(name, await openDeps())) out.line(line)
  },
}
