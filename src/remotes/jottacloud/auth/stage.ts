import type { RemoteEnv } from '../../../core/env.ts'
import { isStorageError, messageOf, StorageError } from '../../../core/errors.ts'
import { parseTokenBlob, formatTokenBlob } from '../../../core/token-blob.ts'
import type { TokenStore } from '../../../core/token.ts'
import { createHttpClient } from '../../../http/client.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { Question, Step, Turn } from '../../../options/conversation.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { baseUrl, configuredUrl } from '../api/address.ts'
import type { JottacloudValues } from '../options.ts'
import type { Credentials } from './credentials.ts'
import { credentialsOf } from './credentials.ts'

/** What the states of the conversation stand on. */
export interface Stage {
  readonly env: RemoteEnv
  readonly values: JottacloudValues
  readonly jfs: string
  readonly api: string
  /** The addresses that go before what a service says; '' where there are none. */
  readonly tokenUrl: string
  readonly authUrl: string
  /** Where the browser comes back to. */
  readonly redirectPort: number
  /** Lends a client without a login. */
  withClient<T>(work: (client: HttpClient) => Promise<T>): Promise<T>
  /** Goes back to a state that asks, after a wrong answer. @throws `error` where that has been tried often enough */
  again(state: string, error: unknown): Step
}

/** The port whose address is registered with all services (docs/protocol.md §2.5). */
export const redirectPort = 53_682

/** What differs from the usual. */
export interface StageSetup {
  /** Where the browser comes back to; only a test takes another port than the registered one. */
  readonly port?: number
  /** How often one question is answered before a wrong answer is an error: 1 where nobody is asked. */
  readonly tries?: number
}

/** @throws StorageError 'config' for an address that a login must not be sent to */
export function createStage(env: RemoteEnv, values: JottacloudValues, setup: StageSetup = {}): Stage {
  const { port = redirectPort, tries: mostTries = 3 } = setup
  const tries = new Map<string, number>()
  return {
    env,
    values,
    jfs: baseUrl(values.jfsUrl, 'jfs_url'),
    api: baseUrl(values.apiUrl, 'api_url'),
    tokenUrl: values.tokenUrl && configuredUrl(values.tokenUrl, 'token_url'),
    authUrl: values.authUrl && configuredUrl(values.authUrl, 'auth_url'),
    redirectPort: port,
    async withClient(work) {
      const client = createHttpClient(env.http, env.log)
      try {
        return await work(client)
      } finally {
        await client.close()
      }
    },
    again(state, error) {
      const count = (tries.get(state) ?? 0) + 1
      tries.set(state, count)
      if (count >= mostTries || !isStorageError(error)) throw error
      return { goto: state, error: messageOf(error), hint: error.details.hint }
    },
  }
}

/** Asks, and says which state takes the answer. */
export function ask(question: Question, next: string): Step {
  return { ask: question, next }
}

/** Whether the answer to a question of yes or no is yes. @throws StorageError 'invalid-argument' where it is neither */
export function isYes({ answer }: Turn, question: Question): boolean {
  try {
    return (answer === '' ? question.option.default : question.option.type.parse(answer)) === true
  } catch (cause) {
    throw new StorageError('invalid-argument', `${question.name}: "${answer}" is neither true nor false`, { cause })
  }
}

/** The answer without blanks around it. @throws StorageError 'invalid-argument' where there is none */
export function answerTo({ answer }: Turn, { name }: Question, hint?: string): string {
  const text = answer.trim()
  if (text !== '') return text
  throw new StorageError('invalid-argument', `A login to Jottacloud needs ${name}`, {
    details: { operation: 'login', hint },
  })
}

/** Puts a new login into the section; what an earlier one of another kind left there is emptied. */
export function keep(turn: Turn, { token, keys }: LoginResult): void {
  for (const key of ['client_id', 'client_secret', 'tokenURL', 'username']) {
    if (keys[key] === undefined && turn.get(key)) turn.set(key, '')
  }
  for (const [key, value] of Object.entries(keys)) turn.set(key, value)
  turn.set('token', formatTokenBlob(token))
}

/** The login that the section has now. */
export function keptLogin(stage: Stage, turn: Turn): { readonly store: TokenStore; readonly credentials: Credentials } {
  const get = (key: string): string => turn.get(key) ?? ''
  const read = (): ReturnType<TokenStore['read']> => Promise.resolve(parseTokenBlob(get('token'), 'jottacloud'))
  const values = { ...stage.values, clientId: get('client_id'), clientSecret: get('client_secret') }
  const section = { configVersion: get('configVersion'), tokenURL: get('tokenURL') }
  return {
    credentials: credentialsOf('jottacloud', values, section),
    store: {
      read,
      async update(change) {
        const next = await change(await read())
        turn.set('token', formatTokenBlob(next))
        return next
      },
    },
  }
}
