import { StorageError } from '../../../core/errors.ts'
import { baseUrl, configuredUrl } from '../api/address.ts'
import { reconnectHint } from '../api/failure.ts'
import type { JottacloudValues } from '../options.ts'
import { legacyClient, legacyRefreshGrant, legacyTokenUrl } from './legacy.ts'
import { standardClientId } from './standard.ts'

/** With what a login is kept alive. */
export interface Credentials {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** The name of the refresh grant. */
  readonly grantType: string
}

/** Where tokens are refreshed where the config does not say (docs/protocol.md §1). */
const usualTokenUrl = 'https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token'

/**
 * How the login of a section is refreshed; the option token_url goes before what the login brought (docs/protocol.md §2.8).
 * @throws StorageError 'config' for a section of another era, and for an address that a login must not be sent to
 */
export function credentialsOf(
  name: string,
  values: JottacloudValues,
  section: Readonly<Record<string, string>>,
): Credentials {
  const { configVersion: version, tokenURL = '' } = section
  if (version === '0') {
    const client = legacyClient(values.clientId, values.clientSecret)
    const tokenUrl = values.tokenUrl || legacyTokenUrl(baseUrl(values.apiUrl, 'api_url'))
    return {
      tokenUrl: configuredUrl(tokenUrl, 'token_url'),
      clientId: client.id,
      clientSecret: client.secret,
      grantType: legacyRefreshGrant,
    }
  }
  if (version === '1') {
    return {
      tokenUrl: configuredUrl(values.tokenUrl || tokenURL || usualTokenUrl, 'token_url'),
      clientId: values.clientId || standardClientId,
      clientSecret: values.clientSecret,
      grantType: 'refresh_token',
    }
  }
  throw new StorageError('config', 'outdated config - please reconfigure this backend', {
    details: { hint: reconnectHint(name) },
  })
}
