import type { Command } from '../cli/command.ts'

export const command: Command = {
  name: 'config touch',
  summary: 'Make sure that there is a config file',
  usage: '',
  help: `Saves the config file as it is, and makes an empty one that only you can read where there is none.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ config, ctx }) {
    const file = await config()
    if (file.path !== undefined) await file.locked(({ ini, replace }) => replace(ini), { signal: ctx.signal })
  },
}
