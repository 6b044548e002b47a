import type { RemoteEnv } from '../../src/core/env.ts'
import { StorageError } from '../../src/core/errors.ts'
import type { Remote } from '../../src/core/remote.ts'
import type { Conversation, Question } from '../../src/options/conversation.ts'
import { option } from '../../src/options/option.ts'
import { bool, size, text } from '../../src/options/types.ts'
import type { RemoteTableEntry } from '../../src/remotes/index.ts'
import { createMemoryRemote } from '../../src/remotes/memory/index.ts'

const options = {
  clientId: option(text, '', 'Client id', { sensitive: true }),
  password: option(text, '', 'A password', { password: true }),
  token: option(text, '', 'Token', { sensitive: true, advanced: true }),
  limit: option(size, 10 * 1024 * 1024, 'A limit', { advanced: true }),
  hardDelete: option(bool, false, 'Delete for good', { advanced: true }),
  device: option(text, '', 'The device', { advanced: true }),
}

/** A service whose login tokens are 'good-N', each once; logins in `dead` no longer work, and with `down` nothing answers. */
export interface FakeService {
  readonly table: readonly RemoteTableEntry[]
  /** The login tokens that were exchanged. */
  readonly used: string[]
  readonly dead: Set<string>
  down: boolean
  /** A login is renewed whenever it is used. */
  renews: boolean
}

/** A kind of remote 'cloud' that is set up by a conversation, its states named as rclone's for Jottacloud. */
export function fakeService(): FakeService {
  const service = { used: new Array<string>(), dead: new Set<string>(), down: false, renews: false }
  const open = (name: string, { tokens }: RemoteEnv): Remote => ({
    ...createMemoryRemote(),
    name,
    async userInfo() {
      if (service.down) throw new StorageError('network', 'no answer', { retry: 'later' })
      const login = await tokens?.read()
      if (!login || service.dead.has(login.accessToken)) throw new StorageError('auth', 'the login has ended')
      if (service.renews) await tokens?.update((token) => Promise.resolve({ ...token, accessToken: 'renewed' }))
      return { Username: login.accessToken }
    },
  })
  const entry: RemoteTableEntry = {
    type: 'cloud',
    summary: 'A cloud',
    load: () =>
      Promise.resolve({
        type: 'cloud',
        summary: 'A cloud',
        options,
        open: (name, _options, env) => Promise.resolve(open(name, env)),
        conversation: () => conversation(service),
      }),
  }
  return Object.assign(service, { table: [entry] })
}

/** The token that the login token gives, as the config file has it. */
export function fakeToken(loginToken: string): string {
  return JSON.stringify({
    access_token: loginToken,
    token_type: 'Bearer',
    refresh_token: 'r',
    expiry: '2100-01-01T00:00:00Z',
  })
}

const loginToken: Question = {
  name: 'config_login_token',
  help: 'Personal login token.\nOnce only.',
  option: option(text, '', '', { required: true }),
}

function conversation({ used }: Pick<FakeService, 'used'>): Conversation {
  return {
    '': () =>
      Promise.resolve({
        ask: {
          name: 'config_type',
          help: 'Type of authentication.',
          option: option(text, 'standard', ''),
          examples: [{ value: 'standard', help: 'Standard.\nWith a token.' }],
          exclusive: true,
        },
        next: 'auth_type_done',
      }),
    auth_type_done: ({ answer }) => Promise.resolve({ goto: answer }),
    standard: (turn) => {
      turn.set('configVersion', '1')
      return Promise.resolve({ ask: loginToken, next: 'standard_token' })
    },
    standard_token({ answer, ...turn }) {
      if (answer === 'down') return Promise.reject(new StorageError('network', 'the service does not answer'))
      if (!answer.startsWith('good')) {
        return Promise.resolve({ goto: 'standard', error: 'The token was refused.', hint: 'Get another.' })
      }
      used.push(answer)
      turn.set('token', fakeToken(answer))
      return Promise.resolve({ goto: 'choose_device' })
    },
    choose_device: () =>
      Promise.resolve({
        ask: { name: 'config_non_standard', help: 'Use a non-standard device?', option: option(bool, false, '') },
        next: 'choose_device_query',
      }),
    choose_device_query({ answer, ...turn }) {
      if (answer !== 'true') turn.set('device', '')
      const device: Question = {
        name: 'config_device',
        help: 'The device.',
        option: option(text, 'Jotta', '', { required: true }),
        examples: [
          { value: 'Jotta', help: '' },
          { value: 'desk', help: '' },
        ],
      }
      return Promise.resolve(answer === 'true' ? { ask: device, next: 'choose_device_result' } : { done: true })
    },
    choose_device_result({ answer, ...turn }) {
      turn.set('device', answer)
      return Promise.resolve({ done: true })
    },
  }
}
