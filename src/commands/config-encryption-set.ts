import type { Command, Invocation } from '../cli/command.ts'
import { chooseConfigPassword } from '../config/dialogue/new-password.ts'
import { passwordOf } from '../config/password-command.ts'
import { StorageError } from '../core/errors.ts'

export const command: Command = {
  name: 'config encryption set',
  summary: 'Encrypt the config file, or change its password',
  usage: '',
  help: `Asks for a new password twice and saves the config file encrypted with it. From then on fjord needs the password
for whatever it does: it is asked for, or taken from the variable RCLONE_CONFIG_PASS, or from --password-command. A
password that is lost cannot be found again.

With --password-command the new password comes from the command, which is run with RCLONE_PASSWORD_CHANGE=1 then.`,
  options: {},
  args: { min: 0, max: 0 },
  groups: ['Config'],
  async run(invocation) {
    const file = await invocation.config()
    await file.encrypt(await newPassword(invocation), { signal: invocation.ctx.signal })
  },
}

async function newPassword({ global, terminal, openDeps, out }: Invocation): Promise<string> {
  if (global.passwordCommand.length === 0) return await chooseConfigPassword(terminal)
  out.line('Read password using --password-command')
  const { environment, log, signal, config } = await openDeps()
  const how = { environment, configPath: config.path, log, signal, change: true }
  const given = await passwordOf(global.passwordCommand, how)
  if ('failure' in given) throw new StorageError('config', given.failure)
  return given.password
}
