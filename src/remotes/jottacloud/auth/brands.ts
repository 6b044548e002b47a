import { StorageError } from '../../../core/errors.ts'

/** A service under whose name an account may be: where one logs in in a browser, and as which client. */
export interface Brand {
  /** Key in rclone's `config_traditional`; for one that is not in the table, as it was typed. */
  readonly key: string
  readonly name: string
  /** Host of the login pages; a port only on this machine. */
  readonly domain: string
  readonly realm: string
  readonly clientId: string
  readonly scope: string
}

const usualScope = 'openid jotta-default offline_access'
const plainScope = 'openid offline_access'

/** The services there are, in rclone's order (docs/protocol.md §2.5). */
export const brands: readonly Brand[] = [
  brand('jottacloud', 'Jottacloud', 'id.jottacloud.com/jottacloud'),
  brand('elgiganten_dk', 'Elgiganten Cloud (Denmark)', 'cloud.elgiganten.dk/elgiganten'),
  brand('elgiganten_se', 'Elgiganten Cloud (Sweden)', 'cloud.elgiganten.se/elgiganten'),
  brand('elkjop', 'Elkjøp Cloud (Norway)', 'cloud.elkjop.no/elkjop'),
  brand('elko', 'ELKO Cloud (Iceland)', 'cloud.elko.is/elko'),
  brand('gigantti', 'Gigantti Cloud (Finland)', 'cloud.gigantti.fi/gigantti'),
  brand('letsgo', "Let's Go Cloud (Germany)", 'letsgo.jotta.cloud/letsgo/desktop-win'),
  brand('mediamarkt', 'MediaMarkt Cloud (several countries)', 'mediamarkt.jottacloud.com/mediamarkt'),
  brand('onlime', 'Onlime (Denmark)', 'cloud-auth.onlime.dk/onlime_wl'),
  brand('phonero', 'Phonero Sky', 'sky.phonero.no/phonero/desktop-win'),
  brand('tele2', 'Tele2 Cloud (Sweden)', 'mittcloud-auth.tele2.se/comhem'),
  brand('telia_no', 'Telia Sky (Norway)', 'sky-auth.telia.no/get'),
  brand('telia_se', 'Telia Cloud (Sweden)', 'cloud-auth.telia.se/telia_se'),
]

/**
 * The brand of a key of the table, or of `domain/realm` or `domain/realm/client_id` for a service that is not in it.
 * @throws StorageError 'invalid-argument' for anything else
 */
export function brandOf(text: string): Brand {
  const typed = text.trim()
  const known = brands.find(({ key }) => key === typed.toLowerCase())
  if (known) return known
  if (placePattern.test(typed)) return brand(typed, typed.split('/')[0] ?? '', typed)
  throw new StorageError('invalid-argument', `"${typed.slice(0, 60)}" is no service that is known`, {
    details: {
      operation: 'login',
      hint: `Name one of ${brands.map(({ key }) => key).join(', ')}, or another by the domain of its login page and its realm: config_traditional=cloud.example.com/realm`,
    },
  })
}

/** Where a brand's identity provider is, by the layout of all that are known (docs/protocol.md §2.5). */
export function issuerOf({ domain, realm }: Pick<Brand, 'domain' | 'realm'>): string {
  const scheme = loopback.test(domain) ? 'http' : 'https'
  return `${scheme}://${domain}/auth/realms/${realm}`
}

// A realm and a client id are one plain word; a port is only for this machine.
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/
const placePattern =
  /^(?:(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}|(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?)\/\w[\w.-]*(?:\/\w[\w.-]*)?$/i

/** @param place `domain/realm` or `domain/realm/client_id` */
function brand(key: string, name: string, place: string): Brand {
  const [domain = '', realm = '', clientId = 'desktop'] = place.split('/')
  // The clients for one system each are refused with the scope of the desktop client (docs/protocol.md §2.5).
  const scope = clientId === 'desktop' ? usualScope : plainScope
  return { key, name, domain: domain.toLowerCase(), realm, clientId, scope }
}
