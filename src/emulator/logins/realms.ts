/** One realm of the identity provider (docs/protocol.md §2.5). */
export interface Realm {
  readonly name: string
  /** Where it is served; a realm of two countries has two domains. */
  readonly domains: readonly string[]
  /** Clients that may log in with an authorization code; none has a secret. */
  readonly clients: readonly string[]
  readonly scopes: readonly string[]
}

const ALWAYS = ['openid', 'offline_access', 'email', 'profile']
const WITH_DEFAULT = [...ALWAYS, 'jotta-default']

/** The realm of Jottacloud's own accounts, the only one with personal login tokens. */
export const HOME_REALM = 'jottacloud'

/** What a personal login token is granted (docs/protocol.md §2.2). */
export const STANDARD_SCOPE = 'openid email offline_access'

const TABLE: readonly Realm[] = [
  realm(HOME_REALM, 'id.jottacloud.com'),
  realm('elgiganten', 'cloud.elgiganten.dk', 'cloud.elgiganten.se'),
  realm('elkjop', 'cloud.elkjop.no'),
  realm('elko', 'cloud.elko.is'),
  realm('gigantti', 'cloud.gigantti.fi'),
  realm('mediamarkt', 'mediamarkt.jottacloud.com'),
  realm('onlime_wl', 'cloud-auth.onlime.dk'),
  realm('comhem', 'mittcloud-auth.tele2.se'),
  realm('get', 'sky-auth.telia.no'),
  realm('telia_se', 'cloud-auth.telia.se'),
  { name: 'letsgo', domains: ['letsgo.jotta.cloud'], clients: ['desktop-win'], scopes: ALWAYS },
  // It rejects `desktop`, and any login with jotta-default.
  { name: 'phonero', domains: ['sky.phonero.no'], clients: ['desktop-win', 'desktop-mac'], scopes: ALWAYS },
]

/** All realms by name. */
export const REALMS: ReadonlyMap<string, Realm> = new Map(TABLE.map((entry) => [entry.name, entry]))

/** The path below which a realm answers, on each of its domains (docs/protocol.md §1). */
export function realmPath(name: string): string {
  return `/auth/realms/${name}`
}

function realm(name: string, ...domains: readonly string[]): Realm {
  return { name, domains, clients: ['desktop'], scopes: WITH_DEFAULT }
}
