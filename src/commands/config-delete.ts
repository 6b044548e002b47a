import type { Command } from '../cli/command.ts'
import { removeSection } from '../config/ini.ts'
import { forgetKeptToken } from '../config/token-store.ts'

export const command: Command = {
  name: 'config delete',
  summary: 'Remove a remote from the config file',
  usage: 'name',
  help: `Removes the section of that name from the config file, with its login. What is stored on the remote stays.

    fjord config delete jotta`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args: [name = ''], config, ctx }) {
    const file = await config()
    await file.locked(({ ini, replace }) => replace(removeSection(ini, name)), { signal: ctx.signal })
    await forgetKeptToken(file, name)
  },
}
