import { isStorageError, messageOf, StorageError } from '../../core/errors.ts'
import type { Conversation, Question, Step } from '../../options/conversation.ts'
import { goQuote } from '../../options/go-syntax.ts'
import { configKey } from '../../options/names.ts'
import type { OptionSpecs } from '../../options/option.ts'
import { obscure } from '../../options/obscure.ts'
import type { Answers } from './answers.ts'
import { type Asked, advancedQuestion, askedOption, askedQuestion } from './asked.ts'
import type { Draft } from './draft.ts'

/** Where a configuration stands: a question for whoever answers, something to be told before going on, or the end. */
export type Reply =
  | { readonly kind: 'ask'; readonly asked: Asked; readonly state: string }
  | { readonly kind: 'trouble'; readonly message: string; readonly hint: string | undefined; readonly state: string }
  | { readonly kind: 'done' }

/** The states of a configuration, named as rclone's (docs: rclone's surface 7.5). */
export interface Machine {
  /**
   * Goes on from a state with the answer to its question until something has to be asked or said.
   * @throws StorageError 'usage' for a state that there is not, and what the conversation throws
   */
  step(state: string, answer: string): Promise<Reply>
}

/** What a machine runs. */
export interface MachineParts {
  readonly specs: OptionSpecs
  /** Made when it is first needed, with the options as they are then. */
  readonly conversation: (() => Conversation) | undefined
  readonly draft: Draft
  readonly answers: Answers
  /** The end is where a login was made: for `reconnect`, which leaves the rest alone. */
  readonly endsWithLogin: boolean
  /** Called before the conversation begins. @throws where a login could not be stored */
  readonly beforeLogin: () => Promise<void>
  readonly signal: AbortSignal
}

/** States by themselves: all options, then the conversation; or the conversation alone. */
export const startStates = { options: '*all', conversation: '' } as const

const afterOptions = '*postconfig'

/** Runs the states of one configuration. A login is saved as soon as it is made: it could not be made again. */
export function createMachine(parts: MachineParts): Machine {
  const { draft, answers, signal } = parts
  const optionState = createOptionStates(parts)
  let conversation: Conversation | undefined
  /** A login that could not be saved, by the state that has made it: it is not made again. */
  let unsaved: { readonly state: string; readonly step: Step } | undefined

  const turn = async (state: string, answer: string): Promise<Step> => {
    if (!parts.conversation) return { done: true }
    conversation ??= await begin(parts.conversation, parts)
    const run = Object.hasOwn(conversation, state) ? conversation[state] : undefined
    if (!run) throw new StorageError('usage', `unknown state "${state}"`)
    return await run({
      answer,
      get: (key) => draft.get(key),
      set: (key, value) => draft.set(key, value),
      unset: (key) => draft.unset(key),
      signal,
    })
  }

  const converse = async (state: string, answer: string): Promise<Step> => {
    const login = draft.get('token')
    const step = unsaved?.state === state ? unsaved.step : await turn(state, answer)
    const isNew = draft.get('token') && draft.get('token') !== login
    if (!isNew && !unsaved) return step
    unsaved = { state, step }
    await draft.save()
    unsaved = undefined
    return parts.endsWithLogin ? { done: true } : step
  }

  return {
    async step(state, answer) {
      for (let at = { state, answer }; ;) {
        signal.throwIfAborted()
        const step =
          (await optionState(at.state, at.answer)) ??
          (await converse(at.state === afterOptions ? startStates.conversation : at.state, at.answer))
        if ('done' in step) return { kind: 'done' }
        if ('goto' in step) {
          // An empty state means the end to whoever drives the machine from outside
          if (step.error !== undefined)
            return { kind: 'trouble', message: step.error, hint: step.hint, state: step.goto || afterOptions }
          at = { state: step.goto, answer: '' }
          continue
        }
        const given = await answers.take(step.ask.name)
        if (given === undefined) return { kind: 'ask', asked: asAsked(step.ask), state: step.next }
        at = { state: step.next, answer: given }
      }
    },
  }
}

async function begin(conversation: () => Conversation, { beforeLogin }: MachineParts): Promise<Conversation> {
  await beforeLogin()
  return conversation()
}

function asAsked(question: Question | Asked): Asked {
  return 'standard' in question ? question : askedQuestion(question)
}

type OptionStates = (state: string, answer: string) => Promise<Step | undefined>

/** `*all`, `*all-set,INDEX,ADVANCED`, `*all-advanced`; and `*all,INDEX,ADVANCED`, which asks again for what was wrong. */
function createOptionStates({ specs, draft, answers }: MachineParts): OptionStates {
  const options = Object.entries(specs).map(([key, spec]) => ({ key: configKey(key), spec }))

  const askFrom = (first: number, advanced: boolean): Step => {
    const at = options.findIndex(
      ({ key, spec }, index) =>
        index >= first && (spec.advanced === true) === advanced && spec.hidden !== true && !answers.has(key),
    )
    const option = options[at]
    if (option) {
      const ask = askedOption(option.key, option.spec, draft.get(option.key))
      return { ask, next: `*all-set,${at},${advanced}` }
    }
    const asksAgain = !advanced || !answers.has(advancedQuestion.name)
    return asksAgain ? { ask: advancedQuestion, next: '*all-advanced' } : { goto: afterOptions }
  }

  return (state, answer) => {
    const [name, index = '0', advanced = 'false'] = state.split(',')
    const at = Number(index)
    if (name === '*all') return Promise.resolve(askFrom(at, advanced === 'true'))
    if (name === '*all-advanced') {
      return Promise.resolve(isYes(answer) ? askFrom(0, true) : { goto: afterOptions })
    }
    if (name === afterOptions || !state.startsWith('*')) return Promise.resolve(undefined)
    if (name !== '*all-set') throw new StorageError('usage', `unknown internal state ${goQuote(state)}`)
    const option = options[at]
    if (!option) throw new StorageError('usage', 'internal error: option out of range')
    const error = setOption(draft, option, answer)
    if (error !== undefined) return Promise.resolve({ goto: `*all,${index},${advanced}`, error })
    return Promise.resolve(askFrom(at + 1, advanced === 'true'))
  }
}

function isYes(answer: string): boolean {
  return /^(?:1|t|true|y|yes)$/i.test(answer)
}

/** @returns why the answer cannot be taken */
function setOption(
  draft: Draft,
  { key, spec }: { readonly key: string; readonly spec: OptionSpecs[string] },
  answer: string,
): string | undefined {
  const before = draft.get(key)
  if (answer === (before ?? spec.type.format(spec.default))) return undefined
  try {
    if (answer !== '') spec.type.parse(answer)
  } catch (error) {
    if (!isStorageError(error)) throw error
    return `${key} cannot be ${spec.password || spec.sensitive ? 'that' : `"${answer}"`}: ${messageOf(error)}`
  }
  if (answer === '' && before === undefined) return undefined
  draft.set(key, spec.password === true && answer !== '' ? obscure(answer) : answer)
  return undefined
}
