import type { RemoteEnv } from '../../core/env.ts'
import type { Facts, Remote } from '../../core/remote.ts'
import { second } from '../../core/time.ts'
import type { TokenStore } from '../../core/token.ts'
import { authorised } from '../../http/authorised.ts'
import { createHttpClient } from '../../http/client.ts'
import { refreshToken } from '../../http/oauth.ts'
import { createTokenSource } from '../../http/tokens.ts'
import type { HttpClient } from '../../http/types.ts'
import { about } from './about.ts'
import { baseUrl, configuredUrl } from './api/address.ts'
import { fetchUser } from './api/customer.ts'
import { createJfs } from './api/jfs.ts'
import { standardClientId } from './auth/standard.ts'
import { cleanUp } from './clean-up.ts'
import type { Drive } from './drive.ts'
import { identityOf } from './identity.ts'
import { createLeftovers } from './leftovers.ts'
import { metadataItems, metadataOf } from './metadata.ts'
import { nameProblem } from './name-problem.ts'
import { createNames } from './names.ts'
import type { JottacloudValues } from './options.ts'
import { createSpellings } from './spellings.ts'
import { trashedOnlyIsReadOnly } from './trashed-only.ts'
import { treeMembers } from './tree-members.ts'
import type { User } from './user.ts'
import { createUser } from './user.ts'
import { viewIsReadOnly, viewMembers, viewOf } from './views.ts'

/** What a remote is put together from. */
export interface Parts {
  readonly name: string
  readonly values: JottacloudValues
  readonly tokens: TokenStore
  readonly env: RemoteEnv
  /** The user name, where it is known without asking. */
  readonly account?: string | undefined
}

/** Where tokens are refreshed where the config does not say (docs/protocol.md §1). */
const defaultTokenUrl = 'https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token'

/** @throws StorageError 'config' for an address that a login must not be sent to */
export function assemble(parts: Parts): Remote {
  const { name, values } = parts
  const urls = {
    jfs: baseUrl(values.jfsUrl, 'jfs_url'),
    api: baseUrl(values.apiUrl, 'api_url'),
    www: baseUrl(values.wwwUrl, 'www_url'),
  }
  const http = authorisedClient(parts)
  const user = createUser(() => fetchUser(http, { base: urls.api, remote: name, signal: parts.env.signal }))
  const drive = createDrive(parts, { http, urls, user })
  const view = viewOf(drive.device, drive.mountpoint)
  // where neither the tokens nor the service have told the user yet, the name stands for the account
  const account = (): string => `jottacloud:${(parts.account ?? user.known)?.toLowerCase() ?? `[${name}]`}`
  const readOnly = view ? viewIsReadOnly(view) : values.trashedOnly ? trashedOnlyIsReadOnly : undefined
  return {
    name,
    type: 'jottacloud',
    facts: (path) => ({ ...facts, readOnly, description: `jottacloud root '${path}'` }),
    identity: (path) => identityOf(drive, account(), path),
    ...(view ? viewMembers(drive, view) : treeMembers(drive, values)),
    about: (_path, options) => about(drive, options),
    nameProblem: (path) => nameProblem(drive.names, path),
    async metadata(entry, { signal } = {}) {
      signal?.throwIfAborted()
      return metadataOf(entry)
    },
    cleanUp: (options) => cleanUp(drive, options),
    close: () => http.close(),
  }
}

const facts: Omit<Facts, 'description'> = {
  hashes: ['md5'],
  timePrecision: second,
  caseInsensitive: true,
  emptyDirs: true,
  dirTimes: false,
  needsHashBeforeWrite: 'md5',
  slowHash: false,
  partialUploads: false,
  metadata: metadataItems,
}

function authorisedClient({ name, values, tokens: store, env }: Parts): HttpClient {
  const { log, now } = env
  const client = createHttpClient(env.http, log)
  const login = {
    client,
    tokenUrl: configuredUrl(values.tokenUrl || defaultTokenUrl, 'token_url'),
    clientId: values.clientId || standardClientId,
    clientSecret: values.clientSecret,
    now,
  }
  const refresh = (token: string): ReturnType<typeof refreshToken> => refreshToken({ ...login, refreshToken: token })
  return authorised(client, createTokenSource({ name, store, refresh, now, log }))
}

function createDrive(
  { name, values, env }: Parts,
  wire: {
    readonly http: HttpClient
    readonly urls: { readonly jfs: string; readonly api: string; readonly www: string }
    readonly user: User
  },
): Drive {
  const device = values.device || 'Jotta'
  const mountpoint = values.mountpoint || 'Archive'
  const view = viewOf(device, mountpoint)
  const names = createNames(values.encoding)
  const user = (signal: AbortSignal | undefined): Promise<string> => wire.user.name(signal)
  return {
    name,
    http: wire.http,
    jfs: createJfs(wire.http, { remote: name, base: wire.urls.jfs, ...(!view && { device, mountpoint }), user }),
    apiUrl: wire.urls.api,
    wwwUrl: wire.urls.www,
    device,
    mountpoint,
    names,
    spellings: createSpellings(names),
    leftovers: createLeftovers(),
    shown: view === 'Trash' ? 'all' : values.trashedOnly && !view ? 'trashed' : 'live',
    hardDelete: values.hardDelete,
    noVersions: values.noVersions,
    md5MemoryLimit: values.md5MemoryLimit,
    uploadResumeLimit: values.uploadResumeLimit,
    tempDir: env.tempDir,
    user,
    now: env.now,
  }
}
