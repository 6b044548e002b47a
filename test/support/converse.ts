import type { Conversation, Question } from '../../src/options/conversation.ts'

/** What a person was asked and told, and what came of it. */
export interface Talk {
  readonly keys: Record<string, string>
  readonly questions: Question[]
  readonly errors: string[]
}

/** An answer, or what gives it when the question is there. */
export type Reply = string | ((question: Question) => string | Promise<string>)

/**
 * Goes through a conversation.
 * @param replies by the question's name, in their order where it is asked more than once; the default where there is none
 * @param keys what the section has before
 */
export async function converse(
  conversation: Conversation,
  replies: Readonly<Record<string, Reply | readonly Reply[]>>,
  keys: Record<string, string> = {},
): Promise<Talk> {
  const talk: Talk = { keys, questions: [], errors: [] }
  const left = new Map(Object.entries(replies).map(([name, reply]) => [name, [reply].flat()]))
  const signal = new AbortController().signal
  let state = ''
  let answer = ''
  for (;;) {
    const run = conversation[state]
    if (!run) throw new Error(`there is no state ${state}`)
    const set = (key: string, value: string): void => void (keys[key] = value)
    const unset = (key: string): void => void Reflect.deleteProperty(keys, key)
    const step = await run({ answer, get: (key) => keys[key], set, unset, signal })
    if ('done' in step) return talk
    if ('goto' in step) {
      if (step.error !== undefined) talk.errors.push(step.error)
      state = step.goto
      continue
    }
    talk.questions.push(step.ask)
    const reply = left.get(step.ask.name)?.shift()
    answer = typeof reply === 'function' ? await reply(step.ask) : (reply ?? '')
    state = step.next
  }
}
