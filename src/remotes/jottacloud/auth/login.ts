import type { RemoteEnv } from '../../../core/env.ts'
import { StorageError } from '../../../core/errors.ts'
import { createHttpClient } from '../../../http/client.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { loginTokenHint } from './login-token.ts'
import { standardLogin } from './standard.ts'

/**
 * Logs in with the answers of `config create` (docs/protocol.md §2.8). Undefined where they ask for no login.
 * @throws StorageError 'unsupported' for ways to log in other than the standard one, 'invalid-argument', 'auth'
 */
export async function login(
  answers: Readonly<Record<string, string>>,
  env: RemoteEnv,
): Promise<LoginResult | undefined> {
  const { config_type: type, config_login_token: token } = answers
  if (type === undefined && token === undefined) return undefined
  if (type !== undefined && type !== 'standard') {
    throw unsupported(`Logging in to Jottacloud with config_type=${type} is not supported: only standard is`)
  }
  if (answers['config_non_standard'] === 'true') {
    throw unsupported('Choosing a device and mountpoint with config_non_standard=true is not supported')
  }
  if (token === undefined || token.trim() === '') {
    throw new StorageError('invalid-argument', 'A login to Jottacloud needs config_login_token', {
      details: { operation: 'login', hint: loginTokenHint },
    })
  }
  const client = createHttpClient(env.http, env.log)
  try {
    return await standardLogin(client, token, env)
  } finally {
    await client.close()
  }
}

function unsupported(message: string): StorageError {
  const hint = 'Use config_type=standard with config_login_token; set the keys device and mountpoint for another place.'
  return new StorageError('unsupported', message, { details: { operation: 'login', hint } })
}
