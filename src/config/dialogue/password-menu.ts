import type { ConfigFile } from '../file.ts'
import type { Terminal } from '../terminal.ts'
import { chooseLetter } from './menu.ts'
import { chooseConfigPassword } from './new-password.ts'

const plainItems = [
  { key: 'a', text: 'Add Password' },
  { key: 'q', text: 'Quit to main menu' },
] as const
const encryptedItems = [
  { key: 'c', text: 'Change Password' },
  { key: 'u', text: 'Unencrypt configuration' },
  { key: 'q', text: 'Quit to main menu' },
] as const

/** The part of the dialogue that encrypts the config file (docs: rclone's surface 7.6). */
export async function passwordMenu(config: ConfigFile, terminal: Terminal): Promise<void> {
  for (;;) {
    terminal.say(
      config.encrypted
        ? 'Your configuration is encrypted.\n'
        : 'Your configuration is not encrypted.\nA password protects the logins in it from whoever gets hold of the file.\n',
    )
    const letter = await (config.encrypted
      ? chooseLetter(terminal, encryptedItems)
      : chooseLetter(terminal, plainItems))
    if (letter === 'q') return
    if (letter === 'u') {
      await config.encrypt(undefined)
      continue
    }
    await config.encrypt(await chooseConfigPassword(terminal))
    terminal.say('Password set\n')
  }
}
