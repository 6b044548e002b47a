import { tmpdir } from 'node:os'
import { silent } from '../../core/context.ts'
import type { HttpSettings, RemoteEnv } from '../../core/env.ts'
import { StorageError } from '../../core/errors.ts'
import type { Remote } from '../../core/remote.ts'
import type { Token, TokenStore } from '../../core/token.ts'
import type { RemoteDefinition } from '../../options/remote-definition.ts'
import { resolveOptions } from '../../options/resolve.ts'
import { reconnectHint } from './api/failure.ts'
import { assemble } from './assemble.ts'
import { authorize } from './auth/authorize.ts'
import { createConversation } from './auth/conversation.ts'
import { login } from './auth/login.ts'
import { claimedUser, storedUser } from './identity.ts'
import type { JottacloudValues } from './options.ts'
import { jottacloudOptions } from './options.ts'

/** How a program makes a Jottacloud remote; everything but the login has a default. */
export interface JottacloudOptions extends Partial<Omit<JottacloudValues, 'token'>> {
  /** The login. A refreshed token is stored here, and must be there the next time: the one before it is spent. */
  readonly tokens: TokenStore
  /** For messages, and another one for each account; 'jottacloud' by default. */
  readonly name?: string
  readonly http?: Partial<HttpSettings>
  readonly env?: Partial<Pick<RemoteEnv, 'log' | 'tempDir' | 'signal' | 'now'>>
}

/**
 * One mountpoint of a Jottacloud account. No request is made before it is needed.
 * @throws StorageError 'config' for an address that a login must not be sent to
 */
export function createJottacloud(options: JottacloudOptions): Remote {
  const { name = 'jottacloud', tokens, http, env, ...values } = options
  return assemble({
    name,
    tokens,
    section: { configVersion: '1' },
    values: { ...resolveOptions(jottacloudOptions, []), ...values },
    env: { ...defaultEnv(), ...env, http: { ...defaultHttp, ...http } },
  })
}

/** Jottacloud as a kind of remote for config sections and connection strings. */
export const jottacloudDefinition: RemoteDefinition<typeof jottacloudOptions> = {
  type: 'jottacloud',
  summary: 'Jottacloud',
  options: jottacloudOptions,
  async open(name, options, env, section) {
    const { tokens } = env
    if (!tokens) throw new StorageError('auth', `${name} has no login`, { details: { hint: reconnectHint(name) } })
    return assemble({ name, values: options, section, tokens, env, account: await accountOf(tokens, section) })
  },
  login: (answers, options, env) => login(answers, options, env),
  conversation: (env, options) => createConversation(env, options),
  authorize: (service, options, env) => authorize(service, options, env),
}

/**
 * Exchanges a personal login token, which can be used once, for the tokens of a login.
 * @throws StorageError 'auth' for one that is wrong or used, 'invalid-argument' for what is none
 */
export async function loginWithToken(loginToken: string, http: Partial<HttpSettings> = {}): Promise<Token> {
  const answers = { config_type: 'standard', config_login_token: loginToken }
  const env = { ...defaultEnv(), http: { ...defaultHttp, ...http } }
  const result = await login(answers, resolveOptions(jottacloudOptions, []), env)
  if (!result) throw new StorageError('auth', 'nobody was logged in')
  return result.token
}

const defaultHttp: HttpSettings = {
  userAgent: 'fjord',
  connectTimeout: 60_000,
  idleTimeout: 300_000,
  attempts: 10,
  headers: [],
  caCerts: [],
  insecure: false,
  dump: new Set(),
  environment: {},
}

function defaultEnv(): Omit<RemoteEnv, 'http'> {
  return { log: silent, tempDir: tmpdir(), signal: new AbortController().signal, now: Date.now }
}

/** Only for comparing places: what is wrong with the login shows when it is used. */
async function accountOf(tokens: TokenStore, section: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    const { accessToken, refreshToken } = await tokens.read()
    return claimedUser(accessToken) ?? claimedUser(refreshToken) ?? storedUser(section)
  } catch {
    return undefined
  }
}
