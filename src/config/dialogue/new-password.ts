import { isStorageError, messageOf } from '../../core/errors.ts'
import { configKeyOf } from '../encrypted.ts'
import type { Terminal } from '../terminal.ts'

/**
 * Asks for the password of a config that is to be encrypted, twice, until both are the same and can be one (docs: rclone's
 * surface 7.3).
 */
export async function chooseConfigPassword(terminal: Terminal): Promise<string> {
  for (;;) {
    const first = await terminal.secret('Enter NEW configuration password:\npassword:', 'stderr')
    const trouble = troubleOf(first)
    if (trouble !== undefined) {
      terminal.say(`Bad password: ${trouble}\n`)
      continue
    }
    if (first === (await terminal.secret('Confirm NEW configuration password:\npassword:', 'stderr'))) return first
    terminal.say('Passwords do not match!\n')
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
