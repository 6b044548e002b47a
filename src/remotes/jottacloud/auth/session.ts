import type { RemoteEnv } from '../../../core/env.ts'
import type { Renewal, Token, TokenStore } from '../../../core/token.ts'
import { authorised } from '../../../http/authorised.ts'
import { createHttpClient } from '../../../http/client.ts'
import { refreshToken } from '../../../http/oauth.ts'
import type { TokenSource } from '../../../http/tokens.ts'
import { createTokenSource } from '../../../http/tokens.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { Credentials } from './credentials.ts'
import { refreshElsewhere } from './refresh-elsewhere.ts'

/** A login in use. */
export interface Session {
  /** Speaks to every host of the service with the login's token. */
  readonly http: HttpClient
  readonly tokens: TokenSource
}

/** Takes a login into use; nothing is sent before it is needed. */
export function openSession(login: {
  readonly name: string
  readonly credentials: Credentials
  readonly store: TokenStore
  readonly env: Pick<RemoteEnv, 'http' | 'log' | 'now' | 'refreshHelper'>
}): Session {
  const { name, credentials, store, env } = login
  const { log, now, refreshHelper } = env
  const client = createHttpClient(env.http, log)

  const refresh = async (spent: string, renewal: Renewal | undefined): Promise<Token> => {
    if (refreshHelper && renewal) {
      const { dump, ...http } = env.http
      // what is dumped is dumped here
      const job = { credentials, refreshToken: spent, http }
      const token = dump.size > 0 ? undefined : await refreshElsewhere(refreshHelper, job, renewal)
      if (token) return token
    }
    await renewal?.begin()
    return await refreshToken({ client, now, ...credentials, refreshToken: spent })
  }
  const tokens = createTokenSource({ name, store, refresh, now, log })
  return { http: authorised(client, tokens), tokens }
}
