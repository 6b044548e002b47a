import type * as OAuth from 'oauth4webapi'
import { messageOf, StorageError } from '../../../core/errors.ts'
import type { Token } from '../../../core/token.ts'
import { fetchOver } from '../../../http/fetch.ts'
import { expiryOf } from '../../../http/oauth.ts'
import { redact } from '../../../http/redact.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import type { Brand } from './brands.ts'
import type { Provider } from './discovery.ts'
import { discoverBrand } from './discovery.ts'

/** What of a login in a browser has to be kept until the browser comes back. */
export interface Pending {
  readonly state: string
  /** Of PKCE; '' where the service does not offer it. */
  readonly verifier: string
  /** Ties the identity token to this login where there is no PKCE; else ''. */
  readonly nonce: string
  readonly redirectUri: string
}

/** What logging in in a browser needs. */
export interface TraditionalDeps {
  /** One without a login. */
  readonly client: HttpClient
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Taken instead of the addresses that the service names, where they are not ''. */
  readonly authUrl: string
  readonly tokenUrl: string
}

/**
 * Begins a login in a browser (docs/protocol.md §2.5).
 * @param redirectUri where the browser comes back to; registered with the service
 * @returns the address for the browser, and what {@link finishTraditional} needs
 * @throws StorageError where the service does not answer
 */
export async function beginTraditional(
  brand: Brand,
  redirectUri: string,
  deps: TraditionalDeps,
): Promise<{ readonly url: string; readonly pending: Pending }> {
  const oauth = await import('oauth4webapi')
  const provider = await discoverBrand(deps.client, brand, deps.signal)
  const pkce = textsIn(provider, 'code_challenge_methods_supported')?.includes('S256') === true
  const verifier = pkce ? oauth.generateRandomCodeVerifier() : ''
  const nonce = pkce ? '' : oauth.generateRandomNonce()
  const pending = { state: oauth.generateRandomState(), verifier, nonce, redirectUri }
  const url = new URL(deps.authUrl || provider.authorizationUrl)
  const parameters = {
    client_id: brand.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: brand.scope,
    state: pending.state,
    ...(pkce && { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
    ...(!pkce && { nonce }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.href, pending }
}

/** Whether an address that a browser came back to belongs to a login. */
export function belongsTo(pending: Pending, redirected: URL): boolean {
  return redirected.searchParams.get('state') === pending.state
}

/**
 * Ends a login in a browser: the code in the address that the browser came back to is exchanged for a token.
 * @throws StorageError 'auth' where the service or the person refused, 'invalid-argument' for an address of another login,
 * and what the client throws. No code is in the message.
 */
export async function finishTraditional(
  brand: Brand,
  { pending, redirected }: { readonly pending: Pending; readonly redirected: URL },
  deps: TraditionalDeps,
): Promise<LoginResult> {
  if (!belongsTo(pending, redirected)) throw foreign()
  const oauth = await import('oauth4webapi')
  const found = await discoverBrand(deps.client, brand, deps.signal)
  const provider = { ...found, tokenUrl: deps.tokenUrl || found.tokenUrl }
  try {
    const token = await exchange({ oauth, brand, provider, pending, redirected, deps })
    return { token, keys: { configVersion: '1', client_id: brand.clientId, tokenURL: provider.tokenUrl } }
  } catch (error) {
    throw explain(error, brand, oauth)
  }
}

interface Exchange {
  readonly oauth: typeof OAuth
  readonly brand: Brand
  readonly provider: Provider
  readonly pending: Pending
  readonly redirected: URL
  readonly deps: TraditionalDeps
}

/** Skew of clocks that an identity token may have, in seconds: it comes over TLS from the service itself. */
const clockTolerance = 600

async function exchange({ oauth, brand, provider, pending, redirected, deps }: Exchange): Promise<Token> {
  const server = serverOf(provider)
  const client: OAuth.Client = { client_id: brand.clientId, [oauth.clockTolerance]: clockTolerance }
  const parameters = oauth.validateAuthResponse(server, client, redirected, pending.state)
  const askedAt = deps.now()
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    pending.redirectUri,
    pending.verifier || oauth.nopkce,
    {
      [oauth.customFetch]: fetchOver(deps.client, 'token'),
      // Addresses that are not https: are on this machine.
      [oauth.allowInsecureRequests]: provider.tokenUrl.startsWith('http:'),
      signal: deps.signal,
    },
  )
  const expected = pending.nonce === '' ? {} : { expectedNonce: pending.nonce }
  const reply = await oauth.processAuthorizationCodeResponse(server, client, response, expected)
  if (reply.refresh_token === undefined) {
    throw new StorageError('protocol', `${brand.name} answered without a refresh token`)
  }
  return {
    accessToken: reply.access_token,
    // the library has it in lower case, rclone and the service in this
    tokenType: reply.token_type === 'bearer' ? 'Bearer' : reply.token_type,
    refreshToken: reply.refresh_token,
    expiry: expiryOf(reply.expires_in, askedAt),
  }
}

/** Without a discovery document any algorithm is fine that is signed with a key of the service's own. */
const usualAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

function serverOf(provider: Provider): OAuth.AuthorizationServer {
  return {
    issuer: provider.issuer,
    token_endpoint: provider.tokenUrl,
    id_token_signing_alg_values_supported: [
      ...(textsIn(provider, 'id_token_signing_alg_values_supported') ?? usualAlgorithms),
    ],
    authorization_response_iss_parameter_supported:
      provider.metadata['authorization_response_iss_parameter_supported'] === true,
  }
}

function textsIn({ metadata }: Provider, key: string): readonly string[] | undefined {
  const value = metadata[key]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined
}

function foreign(): StorageError {
  return new StorageError(
    'invalid-argument',
    'This address belongs to another login: its state is not the one that was sent',
    {
      details: { operation: 'login', hint: 'Take the address that the browser shows at the end of this login.' },
    },
  )
}

/** The library's errors hold what was sent and received: of them only the words of OAuth are passed on. */
function explain(error: unknown, brand: Brand, oauth: typeof OAuth): unknown {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const said = [error.error, error.error_description].filter((part) => part !== undefined).join(', ')
    return new StorageError('auth', `${brand.name} refused the login: ${redact(said)}`, {
      details: {
        operation: 'login',
        system: error.error,
        hint: 'Log in again from the beginning; the page that you were on is good for one login.',
      },
    })
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    const message = `${brand.name} sent something that is no proper answer to a login: ${redact(messageOf(error))}`
    return new StorageError('protocol', message, { details: { operation: 'login' } })
  }
  return error
}
