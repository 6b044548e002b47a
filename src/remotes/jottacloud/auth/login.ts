import type { RemoteEnv } from '../../../core/env.ts'
import { parseTokenBlob } from '../../../core/token-blob.ts'
import type { Conversation, Step } from '../../../options/conversation.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import type { JottacloudValues } from '../options.ts'
import { createConversation } from './conversation.ts'

type Answers = Readonly<Record<string, string>>

/**
 * Logs in with the answers of `config create` (docs/protocol.md §2.8), its questions answered by those or their defaults.
 * Undefined where they ask for no login.
 * @param answers also the keys that the section has; device and mountpoint that are in them stay
 * @throws StorageError 'invalid-argument' for a question that has no answer, 'usage' for an unknown way to log in, 'auth'
 */
export async function login(
  answers: Answers,
  values: JottacloudValues,
  env: RemoteEnv,
): Promise<LoginResult | undefined> {
  if (answers['config_type'] === undefined && answers['config_login_token'] === undefined) return undefined
  const keys = await converse(createConversation(env, values, { tries: 1 }), answers, env.signal)
  const chosen = ['device', 'mountpoint'].filter((key) => keys[key] === '' && answers[key])
  const kept = Object.entries(keys).filter(([key]) => !chosen.includes(key))
  return { token: parseTokenBlob(keys['token'] ?? '', 'jottacloud'), keys: Object.fromEntries(kept) }
}

/** Runs a conversation without anybody to ask. @returns the keys that it set */
async function converse(conversation: Conversation, answers: Answers, signal: AbortSignal): Promise<Answers> {
  const keys: Record<string, string> = {}
  let [state, answer] = ['', '']
  for (;;) {
    const step: Step | undefined = await conversation[state]?.({
      answer,
      get: (key) => keys[key] ?? answers[key],
      set: (key, value) => void (keys[key] = value),
      unset: (key) => void Reflect.deleteProperty(keys, key),
      signal,
    })
    if (!step || 'done' in step) return keys
    if ('goto' in step) {
      state = step.goto
    } else {
      const { name, option } = step.ask
      answer = answers[name] ?? option.type.format(option.default)
      state = step.next
    }
  }
}
