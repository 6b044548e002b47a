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
import type { Drive } from './drive.ts'
import { identityOf } from './identity.ts'
import { list } from './list.ts'
import { listAll } from './list-all.ts'
import { mkdir } from './mkdir.ts'
import { createNames } from './names.ts'
import { open } from './open.ts'
import type { JottacloudValues } from './options.ts'
import { remove } from './remove.ts'
import { purge, rmdir } from './rmdir.ts'
import { stat } from './stat.ts'
import { setTimes } from './times.ts'
import type { User } from './user.ts'
import { createUser } from './user.ts'
import { write } from './write.ts'

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
  const urls = { jfs: baseUrl(values.jfsUrl, 'jfs_url'), api: baseUrl(values.apiUrl, 'api_url') }
  configuredUrl(values.wwwUrl, 'www_url')
  const http = authorisedClient(parts)
  const user = createUser(() => fetchUser(http, { base: urls.api, remote: name, signal: parts.env.signal }))
  const drive = createDrive(parts, { http, urls, user })
  // where neither the tokens nor the service have told the user yet, the name stands for the account
  const account = (): string => `jottacloud:${(parts.account ?? user.known)?.toLowerCase() ?? `[${name}]`}`
  return {
    name,
    type: 'jottacloud',
    facts: (path) => ({ ...facts, description: `jottacloud root '${path}'` }),
    identity: (path) => identityOf(drive, account(), path),
    list: (dir, options) => list(drive, dir, options),
    stat: (path, options) => stat(drive, path, options),
    open: (path, options) => open(drive, path, options),
    write: (path, source, options) => write(drive, path, source, options),
    remove: (path, options) => remove(drive, path, options),
    mkdir: (dir, options) => mkdir(drive, dir, options),
    rmdir: (dir, options) => rmdir(drive, dir, options),
    listAll: (dir, options) => listAll(drive, dir, options),
    purge: (dir, options) => purge(drive, dir, options),
    setTimes: (entry, times, options) => setTimes(drive, entry, times, options),
    about: (_path, options) => about(drive, options),
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
    readonly urls: { readonly jfs: string; readonly api: string }
    readonly user: User
  },
): Drive {
  const device = values.device || 'Jotta'
  const mountpoint = values.mountpoint || 'Archive'
  return {
    name,
    http: wire.http,
    jfs: createJfs(wire.http, {
      remote: name,
      base: wire.urls.jfs,
      device,
      mountpoint,
      user: (signal) => wire.user.name(signal),
    }),
    apiUrl: wire.urls.api,
    device,
    mountpoint,
    names: createNames(),
    hardDelete: values.hardDelete,
    md5MemoryLimit: values.md5MemoryLimit,
    uploadResumeLimit: values.uploadResumeLimit,
    tempDir: env.tempDir,
    now: env.now,
  }
}
