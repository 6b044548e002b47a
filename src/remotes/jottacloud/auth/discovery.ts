import { isStorageError, refine, StorageError } from '../../../core/errors.ts'
import type { HttpClient } from '../../../http/types.ts'
import { safeUrl } from '../api/address.ts'
import type { JsonObject } from '../api/json.ts'
import { parseObject, stringIn } from '../api/json.ts'
import { requestOk } from '../api/request.ts'
import type { Brand } from './brands.ts'
import { issuerOf } from './brands.ts'

/** Where one logs in, as a discovery document has it (docs/protocol.md §2.2). */
export interface Provider {
  readonly issuer: string
  readonly tokenUrl: string
  /** The page for people; not every document names one. */
  readonly authorizationUrl: string | undefined
  /** All that the document says. */
  readonly metadata: JsonObject
}

const operation = 'login'

/**
 * Reads a discovery document.
 * @throws StorageError 'protocol' where it names no address for tokens, or one that is not safe; and what the client throws
 */
export async function discover(client: HttpClient, url: string, signal: AbortSignal): Promise<Provider> {
  const attempt = { remote: 'jottacloud', operation, repeatable: true }
  const response = await requestOk(client, { method: 'GET', url, signal }, attempt)
  const metadata = parseObject(await response.text()) ?? {}
  const tokenUrl = safeUrl(stringIn(metadata, 'token_endpoint') ?? '')
  const authorizationUrl = safeUrl(stringIn(metadata, 'authorization_endpoint') ?? '')
  if (tokenUrl) {
    const issuer = stringIn(metadata, 'issuer') ?? url.replace(/\/\.well-known\/.*$/, '')
    return { issuer, tokenUrl: tokenUrl.href, authorizationUrl: authorizationUrl?.href, metadata }
  }
  throw new StorageError('protocol', `login: ${new URL(url).host} named no safe address to log in at`, {
    details: { operation },
  })
}

/**
 * Where one logs in to a brand: as its discovery document says, or by the layout of all brands where it has none.
 * @throws StorageError naming the brand's host where that does not answer
 */
export async function discoverBrand(
  client: HttpClient,
  brand: Brand,
  signal: AbortSignal,
): Promise<Provider & { readonly authorizationUrl: string }> {
  const issuer = issuerOf(brand)
  const usual = {
    tokenUrl: `${issuer}/protocol/openid-connect/token`,
    authorizationUrl: `${issuer}/protocol/openid-connect/auth`,
  }
  try {
    const found = await discover(client, `${issuer}/.well-known/openid-configuration`, signal)
    return { ...found, authorizationUrl: found.authorizationUrl ?? usual.authorizationUrl }
  } catch (error) {
    if (!isStorageError(error)) throw error
    if (error.details.status === 404) return { ...usual, issuer, metadata: {} }
    const hint = `${brand.domain}, the login of ${brand.name}, does not answer as it should: check the network, the name of the service, and whether it still exists.`
    throw refine(error, { details: { hint } })
  }
}
