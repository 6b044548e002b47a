import type { Command } from '../cli/command.ts'

export const command: Command = {
  name: 'config encryption remove',
  summary: 'Save the config file without encryption',
  usage: '',
  help: `Saves the config file as plain text: whoever can read it can then use its logins. A plain file stays as it is.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ config, ctx }) {
    const file = await config()
    if (file.encrypted) await file.encrypt(undefined, { signal: ctx.signal })
  },
}
