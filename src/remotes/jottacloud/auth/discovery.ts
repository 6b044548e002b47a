import { isStorageError, refine, StorageError } from '../../../core/errors.ts'
import type { HttpClient } from '../../../http/types.ts'
import { linked } from '../../../util/async.ts'
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

/** How long a person who logs in waits for a document, in milliseconds, all attempts together. */
const usualPatience = 60_000

/**
 * Reads a discovery document.
 * @throws StorageError 'protocol' where it names no address for tokens, or one that is not safe; 'timeout' after `patience`
 * milliseconds; and what the client throws
 */
export async function discover(
  client: HttpClient,
  url: string,
  signal: AbortSignal,
  patience = usualPatience,
): Promise<Provider> {
  const { host } = new URL(url)
  try {
    return readProvider(await fetchDocument(client, url, { signal, patience }), url)
  } catch (error) {
    if (!isStorageError(error) || error.code === 'network') throw error
    const hint = `${host}, where one logs in, does not answer as it should: check the network, and whether the service still exists.`
    throw refine(error, { details: { hint } })
  }
}

async function fetchDocument(
  client: HttpClient,
  url: string,
  { signal, patience }: { readonly signal: AbortSignal; readonly patience: number },
): Promise<JsonObject> {
  const { host: remote } = new URL(url)
  using wait = linked(signal)
  const late = new StorageError('timeout', `login ${remote}: no answer within ${patience / 1000} s`, {
    retry: 'later',
    details: { operation },
  })
  const timer = setTimeout(() => wait.abort(late), patience)
  try {
    const attempt = { remote, operation, repeatable: true }
    const response = await requestOk(client, { method: 'GET', url, signal: wait.signal }, attempt)
    return parseObject(await response.text()) ?? {}
  } finally {
    clearTimeout(timer)
  }
}

function readProvider(metadata: JsonObject, url: string): Provider {
  const tokenUrl = safeUrl(stringIn(metadata, 'token_endpoint') ?? '')
  const authorizationUrl = safeUrl(stringIn(metadata, 'authorization_endpoint') ?? '')
  if (tokenUrl) {
    const issuer = stringIn(metadata, 'issuer') ?? url.replace(/\/\.well-known\/.*$/, '')
    return { issuer, tokenUrl: tokenUrl.href, authorizationUrl: authorizationUrl?.href, metadata }
  }
  throw new StorageError('protocol', `login ${new URL(url).host}: named no safe address to log in at`, {
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
