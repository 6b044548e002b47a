import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { LineReader } from '../util/line-reader.ts'
import type { Decision, Gate, Step } from './gate.ts'
import { skippedRecord } from './gate.ts'

/** The person who is asked. */
export interface Person {
  readonly log: Logger
  /** What is answered. */
  readonly lines: LineReader
  /** Shows a line. */
  readonly say: (text: string) => void
  /** Shows what stands before an answer that is typed. */
  readonly prompt: (text: string) => void
}

/**
 * `--interactive`: asks before every change, one question at a time; answers may come through a pipe (rclone's surface §5.6).
 * @throws StorageError, from the gate, 'config' where the answers end
 */
export function interactiveGate(person: Person): Gate {
  const forAll = new Map<string, 'do' | 'skip'>()
  let turn: Promise<unknown> = Promise.resolve()
  let over = false

  const decide = async (step: Step): Promise<Decision> => {
    if (over) return 'quit'
    const decision = forAll.get(step.action) ?? (await ask(person, step, forAll))
    over ||= decision === 'quit'
    if (decision === 'skip') person.log.log(skippedRecord(step, '--interactive'))
    return decision
  }
  return async (step) => {
    const decided = turn.then(() => decide(step))
    turn = decided.catch(() => undefined)
    return await decided
  }
}

async function ask(person: Person, step: Step, forAll: Map<string, 'do' | 'skip'>): Promise<Decision> {
  const { action } = step
  const notice = (text: string): void => person.log.log({ level: 'NOTICE', text })
  for (const line of question(step)) person.say(line)
  for (;;) {
    person.prompt('y/n/s/!/q> ')
    const answer = await person.lines.next()
    if (answer === undefined) throw new StorageError('config', 'Failed to read line: EOF')
    switch (answer.trim().toLowerCase()) {
      case '':
      case 'y':
        return 'do'
      case 'n':
        return 'skip'
      case 's':
        notice(`Skipping all ${action} operations from now on without asking`)
        forAll.set(action, 'skip')
        return 'skip'
      case '!':
        notice(`Doing all ${action} operations from now on without asking`)
        forAll.set(action, 'do')
        return 'do'
      case 'q':
        notice('Quitting fjord now')
        return 'quit'
      default:
        person.say('This value must be one of the following characters: y, n, s, !, q.')
    }
  }
}

function question({ action, object }: Step): readonly string[] {
  return [
    '',
    `fjord: ${action} ${goQuote(object)}?`,
    'y) Yes, this is OK (default)',
    'n) No, skip this',
    `s) Skip all ${action} operations with no more questions`,
    `!) Do all ${action} operations with no more questions`,
    'q) Exit fjord now.',
  ]
}
