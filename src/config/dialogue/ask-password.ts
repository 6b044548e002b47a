import { randomBytes } from 'node:crypto'
import type { Terminal } from '../terminal.ts'
import type { Asked } from './asked.ts'
import { chooseLetter, confirm, type MenuItem } from './menu.ts'

/**
 * Asks for a password: typed twice, made up, or left as it is (docs: rclone's surface 7.6).
 * @returns in clear; what the section has already, obscured, where it is kept
 */
export async function askPassword({ option, standard }: Asked, terminal: Terminal): Promise<string> {
  const optional = option.required !== true || standard !== ''
  terminal.say(`Choose an alternative below.${optional ? ' Press Enter for the default (n).' : ''}\n`)
  const items: readonly MenuItem<'y' | 'g' | 'n'>[] = [
    { key: 'y', text: 'Yes, type in my own password' },
    { key: 'g', text: 'Generate random password' },
    ...(optional ? ([{ key: 'n', text: noText(standard) }] as const) : []),
  ]
  const letter = await chooseLetter(terminal, items, optional ? 'n' : undefined)
  if (letter === 'n') return standard
  return letter === 'y' ? await typeTwice(terminal) : await makeUp(terminal)
}

function noText(standard: string): string {
  return standard === '' ? 'No, leave this optional password blank' : 'No, keep existing'
}

async function typeTwice(terminal: Terminal): Promise<string> {
  for (;;) {
    const first = await terminal.secret('Enter the password:\npassword:', 'stdout')
    if (first === '') {
      terminal.say('Bad password: no characters in password\n')
      continue
    }
    if (first === (await terminal.secret('Confirm the password:\npassword:', 'stdout'))) return first
    terminal.say('Passwords do not match!\n')
  }
}

const weakest = 64
const strongest = 1024

async function makeUp(terminal: Terminal): Promise<string> {
  for (;;) {
    terminal.say(
      `Password strength in bits.\n${weakest} is just about memorable\n128 is secure\n${strongest} is the maximum\n`,
    )
    const bits = await readBits(terminal)
    const password = randomBytes(Math.ceil(bits / 8)).toString('base64url')
    terminal.say(
      `Your password is: ${password}\nUse this password? The config file has an obscured form of it: keep it somewhere safe as well.\n`,
    )
    if (await confirm(terminal, true)) return password
  }
}

async function readBits(terminal: Terminal): Promise<number> {
  for (;;) {
    const bits = Number((await terminal.line('Bits> ')).trim())
    if (Number.isInteger(bits) && bits >= weakest && bits <= strongest) return bits
    terminal.say(`Enter a number from ${weakest} to ${strongest}.\n`)
  }
}
