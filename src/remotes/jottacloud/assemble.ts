import type { RemoteEnv } from '../../core/env.ts'
import type { Facts, Remote } from '../../core/remote.ts'
import { second } from '../../core/time.ts'
import type { TokenStore } from '../../core/token.ts'
import type { HttpClient } from '../../http/types.ts'
import { about } from './about.ts'
import { baseUrl, configuredUrl } from './api/address.ts'
import { fetchCustomer } from './api/customer.ts'
import { createJfs } from './api/jfs.ts'
import { credentialsOf } from './auth/credentials.ts'
import type { Session } from './auth/session.ts'
import { openSession } from './auth/session.ts'
import type { Drive } from './drive.ts'
import { claimedUser, identityOf, storedUser } from './identity.ts'
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
import { userInfo } from './user-info.ts'
import { write } from './write.ts'

/** What a remote is put together from. */
export interface Parts {
  readonly name: string
  readonly values: JottacloudValues
  /** The config section, for keys that are no options: tokenURL, configVersion, username (docs/protocol.md §2.8). */
  readonly section: Readonly<Record<string, string>>
  readonly tokens: TokenStore
  readonly env: RemoteEnv
  /** The user name, where it is known without asking. */
  readonly account?: string | undefined
}

/** @throws StorageError 'config' for an address that a login must not be sent to */
export function assemble(parts: Parts): Remote {
  const { name, values } = parts
  const urls = { jfs: baseUrl(values.jfsUrl, 'jfs_url'), api: baseUrl(values.apiUrl, 'api_url') }
  configuredUrl(values.wwwUrl, 'www_url')
  const session = openSession({
    name,
    credentials: credentialsOf(name, values, parts.section),
    store: parts.tokens,
    env: parts.env,
  })
  const { http } = session
  const user = createUser(() => userOf(session, urls.api, parts))
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
    userInfo: (options) => userInfo(drive, options),
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

/**
 * The user name, without asking the service where the login says it. Where that name is wrong the service refuses every
 * request.
 */
async function userOf({ http, tokens }: Session, api: string, { name, section, env }: Parts): Promise<string> {
  const known = claimedUser(await tokens.get()) ?? storedUser(section)
  return known ?? (await fetchCustomer(http, { base: api, remote: name, signal: env.signal })).username
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
