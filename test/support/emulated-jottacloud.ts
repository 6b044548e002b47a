import { afterAll, beforeAll } from 'vitest'
import { silent } from '../../src/core/context.ts'
import type { HttpSettings, RemoteEnv } from '../../src/core/env.ts'
import type { Remote } from '../../src/core/remote.ts'
import type { Token, TokenStore } from '../../src/core/token.ts'
import type { Dialect, Emulator, EmulatorOptions, EmulatorUrls } from '../../src/emulator/index.ts'
import { createEmulator } from '../../src/emulator/index.ts'
import type { JottacloudOptions } from '../../src/remotes/jottacloud/index.ts'
import { createJottacloud, jottacloudDefinition } from '../../src/remotes/jottacloud/index.ts'
import { resolveOptions } from '../../src/options/resolve.ts'

/** A listening emulator with a login to its account. */
export interface EmulatedJottacloud extends AsyncDisposable {
  readonly emulator: Emulator
  readonly urls: EmulatorUrls
  readonly tokens: TokenStore
  /** A remote on the account; it is closed with the emulator. */
  remote(options?: Partial<JottacloudOptions>): Remote
}

/** Settings for tests: nothing waits long. */
export const quickHttp: HttpSettings = {
  userAgent: 'fjord-test',
  connectTimeout: 10_000,
  idleTimeout: 20_000,
  attempts: 3,
  headers: [],
  caCerts: [],
  insecure: false,
  dump: new Set(),
  environment: {},
}

export async function emulatedJottacloud(options: EmulatorOptions = {}): Promise<EmulatedJottacloud> {
  const emulator = createEmulator(options)
  const urls = await emulator.listen()
  const tokens = tokensInMemory(await logIn(emulator.createLoginToken()))
  const remotes: Remote[] = []
  return {
    emulator,
    urls,
    tokens,
    remote(more = {}) {
      const { jfsUrl, apiUrl, wwwUrl } = urls
      const tokenUrl = `${apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
      const places = { jfsUrl, apiUrl, wwwUrl, tokenUrl }
      const remote = createJottacloud({ name: 'jotta', tokens, http: quickHttp, ...places, ...more })
      remotes.push(remote)
      return remote
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(remotes.map(async (remote) => remote.close?.()))
      await emulator.close()
    },
  }
}

/** One account for the tests of a block, made before them. */
export function inDialect(dialect: Partial<Dialect>): () => EmulatedJottacloud {
  let account: EmulatedJottacloud | undefined
  beforeAll(async () => {
    account = await emulatedJottacloud({ dialect })
  })
  afterAll(async () => {
    await account?.[Symbol.asyncDispose]()
  })
  return () => {
    if (!account) throw new Error('the account is made before the tests')
    return account
  }
}

/** Logs in to an emulator with a personal login token. */
export async function logIn(loginToken: string): Promise<Token> {
  const answers = { config_type: 'standard', config_login_token: loginToken }
  const result = await jottacloudDefinition.login?.(
    answers,
    resolveOptions(jottacloudDefinition.options, []),
    testEnv(),
  )
  if (!result) throw new Error('nobody was logged in')
  return result.token
}

export function testEnv(more: Partial<RemoteEnv> = {}): RemoteEnv {
  const signal = new AbortController().signal
  return { log: silent, http: quickHttp, tempDir: '/nonexistent', signal, now: Date.now, ...more }
}

export function tokensInMemory(token: Token): TokenStore {
  let current = token
  return {
    read: () => Promise.resolve(current),
    async update(change) {
      current = await change(current)
      return current
    },
  }
}
