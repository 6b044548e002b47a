import { isStorageError, StorageError } from '../../core/errors.ts'
import type { Terminal } from '../terminal.ts'
import type { Asked } from './asked.ts'
import { askPerson } from './ask.ts'
import type { Machine, Reply } from './machine.ts'
import { withHint } from './trouble.ts'

/**
 * Runs a configuration to its end with a person who answers. What was answered wrong is asked again.
 * @param start a state of {@link startStates}
 */
export async function runWithPerson(machine: Machine, start: string, terminal: Terminal): Promise<void> {
  let reply = await machine.step(start, '')
  while (reply.kind !== 'done') {
    if (reply.kind === 'trouble') {
      terminal.say(`\n${withHint(reply)}\n`)
      reply = await machine.step(reply.state, '')
    } else {
      terminal.say('\n')
      reply = await answered(machine, reply, await askPerson(reply.asked, terminal), terminal)
    }
  }
}

/** After an answer that led nowhere, such as a code that was typed wrong, the same question comes again. */
async function answered(
  machine: Machine,
  reply: Extract<Reply, { kind: 'ask' }>,
  answer: string,
  terminal: Terminal,
): Promise<Reply> {
  try {
    return await machine.step(reply.state, answer)
  } catch (error) {
    if (!terminal.interactive || !isStorageError(error) || ['config', 'usage'].includes(error.code)) throw error
    terminal.say(`\n${withHint({ message: error.message, hint: error.details.hint })}\n`)
    return reply
  }
}

/**
 * Runs a configuration to its end with the answers it has: for the other questions the default counts, and where there is none
 * a person at a terminal is asked.
 * @throws StorageError 'auth' where an answer was refused, 'invalid-argument' where one is missing
 */
export async function runUnattended(machine: Machine, start: string, terminal: Terminal): Promise<void> {
  let reply = await machine.step(start, '')
  while (reply.kind !== 'done') {
    if (reply.kind === 'trouble') {
      throw new StorageError('auth', reply.message, { details: { hint: reply.hint } })
    }
    reply = await machine.step(reply.state, await defaultAnswer(reply.asked, terminal))
  }
}

async function defaultAnswer(asked: Asked, terminal: Terminal): Promise<string> {
  if (asked.standard !== '' || asked.option.required !== true) return asked.standard
  if (terminal.interactive) return await askPerson(asked, terminal)
  throw new StorageError('invalid-argument', `${asked.name} is missing`, {
    details: { hint: howToAnswer(asked.name) },
  })
}

function howToAnswer(name: string): string {
  const variable = `FJORD_${name.toUpperCase()}`
  return `Give ${name}=VALUE; or, unseen by other users, ${name}_file=FILE, ${name}_file=- for a line of standard input, or the variable ${variable}.`
}
