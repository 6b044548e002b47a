import type { RemoteEnv } from '../../core/env.ts'
import type { Remote } from '../../core/remote.ts'
import type { Facts } from '../../core/facts.ts'
import { second } from '../../core/time.ts'
import type { TokenStore } from '../../core/token.ts'
import type { HttpClient } from '../../http/types.ts'
import { about } from './about.ts'
import { baseUrl } from './api/address.ts'
import { fetchCustomer } from './api/customer.ts'
import { createJfs } from './api/jfs.ts'
import { credentialsOf } from './auth/credentials.ts'
import type { Session } from './auth/session.ts'
import { openSession } from './auth/session.ts'
import { cleanUp } from './clean-up.ts'
import type { Drive } from './drive.ts'
import { claimedUser, identityOf, storedUser } from './identity.ts'
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
import { userInfo } from './user-info.ts'
import { viewIsReadOnly, viewMembers, viewOf } from './views.ts'

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

type Members = Omit<Remote, 'name' | 'type' | 'facts' | 'identity'>

/** @throws StorageError 'config' for an address that a login must not be sent to */
export function assemble(parts: Parts): Remote {
  const { name, values } = parts
  const urls = {
    jfs: baseUrl(values.jfsUrl, 'jfs_url'),
    api: baseUrl(values.apiUrl, 'api_url'),
    www: baseUrl(values.wwwUrl, 'www_url'),
  }
  const session = openSession({
    name,
    credentials: credentialsOf(name, values, parts.section),
    store: parts.tokens,
    env: parts.env,
  })
  const { http } = session
  const user = createUser(() => userOf(session, urls.api, parts))
  const drive = createDrive(parts, { http, urls, user })
  const view = viewOf(drive.device, drive.mountpoint)
  // where neither the tokens nor the service have told the user yet, the name stands for the account
  const account = (): string => `jottacloud:${(parts.account ?? user.known)?.toLowerCase() ?? `[${name}]`}`
  const readOnly = view ? viewIsReadOnly(view) : values.trashedOnly ? trashedOnlyIsReadOnly : undefined
  const members: Members = view ? viewMembers(drive, view) : treeMembers(drive, values)
  return {
    name,
    type: 'jottacloud',
    facts: (path) => ({ ...facts, readOnly, description: `jottacloud root '${path}'` }),
    identity: (path) => identityOf(drive, account(), path),
    ...members,
    about: (_path, options) => about(drive, options),
    userInfo: (options) => userInfo(drive, options),
    nameProblem: (path) => nameProblem(drive.names, path),
    async metadata(entry, { signal } = {}) {
      signal?.throwIfAborted()
      return entry.kind === 'file' ? metadataOf(entry) : {}
    },
    cleanUp: (options) => cleanUp(drive, options),
    async close() {
      await members.close?.()
      await http.close()
    },
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
