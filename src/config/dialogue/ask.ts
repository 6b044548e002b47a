import { isStorageError, messageOf } from '../../core/errors.ts'
import type { Option } from '../../options/option.ts'
import type { Terminal } from '../terminal.ts'
import { type Asked, isConfirmation } from './asked.ts'
import { askPassword } from './ask-password.ts'
import { confirm } from './menu.ts'

/**
 * Puts a question to a person and waits for an answer that can be taken (docs: rclone's surface 7.6).
 * @returns the answer as text; a password in clear
 */
export async function askPerson(asked: Asked, terminal: Terminal): Promise<string> {
  const help = asked.help.trim().replaceAll(/\n{2,}/g, '\n')
  if (isConfirmation(asked)) {
    terminal.say(`${help}\n`)
    return String(await confirm(terminal, asked.standard === 'true'))
  }
  terminal.say(`Option ${asked.name}.\n${help === '' ? '' : `${help}\n`}`)
  if (asked.password === true) return await askPassword(asked, terminal)
  return await choose(asked, terminal)
}

/** What can be chosen or typed. */
export interface Choice {
  readonly name: string
  readonly option: Option<unknown>
  readonly examples?: Asked['examples']
  /** Only an example may be answered. */
  readonly exclusive?: boolean
  readonly standard: string
}

/** Waits for an example, by its number or as text, or another value where that may be. */
export async function choose(choice: Choice, terminal: Terminal): Promise<string> {
  const { name, examples = [] } = choice
  terminal.say(introduction(choice))
  terminal.say(examples.map((example, index) => exampleText(example, index, terminal.colours)).join(''))
  for (;;) {
    const answer = answerOf((await terminal.line(`${name}> `)).trim(), choice)
    if ('value' in answer) return answer.value
    terminal.say(`${answer.trouble}\n`)
  }
}

function introduction({ option, examples, exclusive, standard }: Choice): string {
  const what = nameOfValue(option, standard)
  const enter = whatEnterDoes(option, standard)
  if (examples && examples.length > 0) {
    const typed = `Choose a number from below, or type in ${exclusive === true ? 'an existing' : 'your own'} ${what}.\n`
    return enter === '' ? typed : `${typed}${enter}\n`
  }
  return `Enter a ${what}.${enter === '' ? '' : ` ${enter}`}\n`
}

function whatEnterDoes({ required }: Option<unknown>, standard: string): string {
  if (standard !== '') return `Press Enter for the default (${standard}).`
  return required === true ? '' : 'Press Enter to leave empty.'
}

const namesOfTypes: Readonly<Record<string, string>> = {
  bool: 'boolean value (true or false)',
  'fs.SizeSuffix': 'size with suffix K,M,G,T',
  'fs.Duration': 'duration s,m,h,d,w,M,y',
  int: 'signed integer',
}

function nameOfValue({ type }: Option<unknown>, standard: string): string {
  const known = namesOfTypes[type.name]
  if (known !== undefined) return known
  return type.name === 'string' && standard === '' ? 'value' : `value of type ${type.label}`
}

function exampleText(
  { value, help }: { readonly value: string; readonly help: string },
  index: number,
  colours: boolean,
): string {
  const lines = exampleLines(String(index + 1).padStart(2), value, help)
  if (!colours) return lines.map((line) => `${line}\n`).join('')
  const colour = index % 2 === 0 ? '\u001B[91m' : '\u001B[92m'
  return `${lines.map((line) => `${colour}${line}\n`).join('')}${lines.length > 1 ? colour : ''}\u001B[0m`
}

/** The number stands beside the middle line of the help. */
function exampleLines(number: string, value: string, help: string): readonly string[] {
  if (help === '') return [`${number} > ${value}`]
  const lines = help.split('\n')
  const middle = Math.floor(lines.length / 2)
  const shown = lines.map((line, at) => `${at === middle ? number : '  '} ${at === 0 ? '/' : '|'} ${line}`)
  return [...shown, `   \\ (${value})`]
}

type Answer = { readonly value: string } | { readonly trouble: string }

function answerOf(typed: string, { option, examples = [], exclusive, standard }: Choice): Answer {
  if (typed === '') {
    const isMissing = standard === '' && option.required === true
    return isMissing ? { trouble: 'This value is required and it has no default.' } : { value: standard }
  }
  if (examples.some(({ value }) => value === typed)) return { value: typed }
  if (examples.length > 0 && /^\d+$/.test(typed)) {
    const numbered = examples[Number(typed) - 1]
    return numbered ? { value: numbered.value } : { trouble: 'No choices with this number.' }
  }
  if (exclusive === true) return { trouble: 'This value must match an existing value.' }
  return read(option, typed)
}

function read({ type }: Option<unknown>, typed: string): Answer {
  try {
    type.parse(typed)
    return { value: typed }
  } catch (error) {
    if (!isStorageError(error)) throw error
    return { trouble: `This value cannot be used: ${messageOf(error)}` }
  }
}
