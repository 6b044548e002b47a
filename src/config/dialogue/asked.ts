import type { Question } from '../../options/conversation.ts'
import { type Option, option } from '../../options/option.ts'
import { bool } from '../../options/types.ts'

/** A question as it is put: to a person or as JSON. */
export interface Asked extends Question {
  /** What Enter takes, as text; '' where it leaves the answer empty. */
  readonly standard: string
}

/** The question for an option of a remote. @param current what the section has */
export function askedOption(name: string, spec: Option<unknown>, current: string | undefined): Asked {
  const examples = spec.type.choices?.map((value) => ({ value, help: '' }))
  return {
    name,
    help: spec.help,
    option: spec,
    standard: current ?? defaultOf(spec),
    ...(examples && { examples }),
    ...(spec.password === true && { password: true }),
  }
}

/** The question of a conversation; one that is answered by yes or no has these two answers only. */
export function askedQuestion(question: Question): Asked {
  const standard = defaultOf(question.option)
  return isYesOrNo(question) ? { ...question, examples: yesOrNo, exclusive: true, standard } : { ...question, standard }
}

/** Whether a question is answered by yes or no; an option that is on or off takes `true` and `false`. */
export function isConfirmation({ option: { type }, exclusive }: Question): boolean {
  return type.name === bool.name && exclusive === true
}

/** The question whether the options that are seldom needed shall be asked for, too. */
export const advancedQuestion: Asked = {
  name: 'config_fs_advanced',
  help: 'Edit advanced config?',
  option: option(bool, false, 'Edit advanced config?'),
  examples: [
    { value: 'true', help: 'Yes' },
    { value: 'false', help: 'No' },
  ],
  exclusive: true,
  standard: 'false',
}

const yesOrNo = advancedQuestion.examples ?? []

function isYesOrNo(question: Question): boolean {
  return question.option.type.name === bool.name && (question.exclusive === true || !question.examples)
}

function defaultOf({ type, default: fallback }: Option<unknown>): string {
  return type.format(fallback)
}
