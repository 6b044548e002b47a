import { isStorageError, messageOf } from '../../core/errors.ts'
import { configKeyOf } from '../encrypted.ts'
import type { Terminal } from '../terminal.ts'

/** Asks twice for the password of a config that is to be encrypted, until both are the same (docs: rclone's surface 7.3). */
export async function chooseConfigPassword(terminal: Terminal): Promise<string> {
  for (;;) {
    const first = await askConfigPassword('Enter NEW configuration password:', terminal)
    if (first === (await askConfigPassword('Confirm NEW configuration password:', terminal))) return first
    terminal.say('Passwords do not match!\n')
  }
}

/** Asks for a password of a config until it can be one. What stands around it in a pipe's line is cut off. */
export async function askConfigPassword(title: string, terminal: Terminal): Promise<string> {
  for (let before = title; ;) {
    const line = await terminal.secret(`${before}\npassword:`, 'stderr')
    const password = terminal.interactive ? line : line.trim()
    const trouble = troubleOf(password)
    if (trouble === undefined) return password
    before = `Bad password: ${trouble}`
  }
}

function troubleOf(password: string): string | undefined {
  try {
    configKeyOf(password)
    return undefined
  } catch (error) {
    if (isStorageError(error, 'invalid-argument')) return messageOf(error)
    throw error
  }
}
