import { isStorageError, StorageError } from '../../../core/errors.ts'
import type { Conversation, Turn } from '../../../options/conversation.ts'
import { isObscured, obscure, reveal } from '../../../options/obscure.ts'
import { configuredUrl } from '../api/address.ts'
import type { LegacyAnswer } from './legacy.ts'
import { legacyClient, legacyLogin, legacyTokenUrl, registerLegacyClient } from './legacy.ts'
import { codeQuestion, machineSpecificQuestion, passwordQuestion, usernameQuestion } from './questions.ts'
import type { Stage } from './stage.ts'
import { answerTo, ask, isYes, keep } from './stage.ts'

/** The states of a login with user name and password; password and code stand in the section, obscured, until it is made. */
export function legacyStates(stage: Stage): Conversation {
  return {
    legacy: (turn) => {
      if (!turn.get('token')) {
        if (turn.get('configVersion') === '1') forgetClient(turn)
        turn.set('configVersion', '0')
      }
      return Promise.resolve(ask(machineSpecificQuestion, 'legacy_api'))
    },
    legacy_api: async (turn) => {
      const own = isYes(turn, machineSpecificQuestion)
      if (own) await register(stage, turn)
      else if (turn.get('configVersion') !== '0') forgetClient(turn)
      return ask(usernameQuestion, 'legacy_username')
    },
    legacy_username: (turn) => {
      turn.set('username', answerTo(turn, usernameQuestion))
      return Promise.resolve(ask(passwordQuestion, 'legacy_password'))
    },
    legacy_ask_password: () => Promise.resolve(ask(passwordQuestion, 'legacy_password')),
    legacy_password: (turn) => {
      if (turn.answer === '') answerTo(turn, passwordQuestion)
      turn.set('password', obscure(turn.answer))
      turn.set('auth_code', '')
      return Promise.resolve({ goto: 'legacy_do_auth' })
    },
    legacy_ask_code: () => Promise.resolve(ask(codeQuestion, 'legacy_auth_code')),
    legacy_auth_code: (turn) => {
      turn.set('auth_code', obscure(answerTo(turn, codeQuestion)))
      return Promise.resolve({ goto: 'legacy_do_auth' })
    },
    legacy_do_auth: async (turn) => {
      const answer = await logIn(stage, turn).catch((error: unknown) => {
        if (isStorageError(error, 'auth')) return error
        throw error
      })
      if (answer instanceof StorageError) return stage.again('legacy_ask_password', answer)
      if (!('token' in answer))
        return answer.wrong ? stage.again('legacy_ask_code', wrongCode()) : { goto: 'legacy_ask_code' }
      const [id, secret, username] = ['client_id', 'client_secret', 'username'].map((key) => turn.get(key) ?? '')
      const client = id ? { client_id: id, client_secret: secret ?? '' } : {}
      turn.set('password', '')
      turn.set('auth_code', '')
      keep(turn, { token: answer.token, keys: { configVersion: '0', ...client, username: username ?? '' } })
      return { goto: 'choose_device' }
    },
  }
}

async function register(stage: Stage, turn: Turn): Promise<void> {
  const own = await stage.withClient((client) => registerLegacyClient(client, stage.api, turn.signal))
  turn.set('client_id', own.id)
  turn.set('client_secret', obscure(own.secret))
}

/** What another way of logging in has left is no client here. */
function forgetClient(turn: Turn): void {
  for (const key of ['client_id', 'client_secret']) if (turn.get(key)) turn.set(key, '')
}

function logIn(stage: Stage, turn: Turn): Promise<LegacyAnswer> {
  const hidden = (key: string): string => {
    const text = turn.get(key) ?? ''
    return isObscured(text) ? reveal(text) : text
  }
  const user = { username: turn.get('username') ?? '', password: hidden('password'), code: hidden('auth_code') }
  const tokenUrl = configuredUrl(stage.tokenUrl || legacyTokenUrl(stage.api), 'token_url')
  const as = legacyClient(turn.get('client_id') ?? '', turn.get('client_secret') ?? '')
  return stage.withClient((client) =>
    legacyLogin(client, user, { tokenUrl, as, signal: turn.signal, now: stage.env.now }),
  )
}

function wrongCode(): StorageError {
  return new StorageError('auth', 'The code is wrong or too old', {
    details: { operation: 'login', hint: 'Type the code of the newest SMS.' },
  })
}
