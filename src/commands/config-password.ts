import type { Command } from '../cli/command.ts'
import { parseParameters } from '../config/create.ts'
import { setKeys } from '../config/ini.ts'
import { describeRemote } from '../config/show.ts'
import { StorageError } from '../core/errors.ts'
import { obscure } from '../options/obscure.ts'

export const command: Command = {
  name: 'config password',
  summary: 'Set passwords of a remote',
  usage: 'name [key value]...',
  help: `Sets keys of a remote to passwords, which are obscured in the config file. "-" takes the password from standard input, so that
it stands in no command line.

    fjord config password secret password -`,
  options: {},
  args: { min: 3, max: Number.POSITIVE_INFINITY },
  async run({ args: [name = '', ...rest], config, openDeps, terminal, out, ctx }) {
    const file = await config()
    if (!file.get(name)?.['type']) throw new StorageError('usage', "couldn't find type field in config")
    const passwords: Record<string, string> = {}
    for (const [key, given] of Object.entries(parseParameters(rest))) {
      passwords[key] = obscure(given === '-' ? await terminal.secret('', 'stderr') : given)
    }
    await file.edit((ini) => setKeys(ini, name, passwords), { signal: ctx.signal })
    for (const line of await describeRemote(name, await openDeps())) out.line(line)
  },
}
