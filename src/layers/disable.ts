import type { Remote } from '../core/remote.ts'
import type { Decisions } from '../core/wrap.ts'
import { wrap } from '../core/wrap.ts'
import type { RemoteFeature } from '../options/remote-features.ts'

/**
 * `inner` without some of what it can do by itself (`--disable`).
 * @param features names of rclone's in small letters
 */
export function withDisabled(inner: Remote, features: ReadonlySet<string>): Remote {
  const off = (feature: RemoteFeature): boolean => features.has(feature.toLowerCase())
  const unless = (feature: RemoteFeature): 'absent' | 'forward' => (off(feature) ? 'absent' : 'forward')
  const decisions: Decisions = {
    facts: (path) => ({ ...inner.facts(path), ...(off('DirSetModTime') ? { dirTimes: false } : {}) }),
    nameProblem: 'forward',
    identity: 'forward',
    list: 'forward',
    listAll: unless('ListR'),
    stat: 'forward',
    open: 'forward',
    write: 'forward',
    openParts: unless('OpenWriterAt'),
    remove: 'forward',
    mkdir: 'forward',
    rmdir: 'forward',
    copy: unless('Copy'),
    move: unless('Move'),
    moveDir: unless('DirMove'),
    purge: unless('Purge'),
    setTimes: 'forward',
    hash: 'forward',
    metadata: unless('ReadMetadata'),
    setMetadata: unless('WriteMetadata'),
    about: unless('About'),
    userInfo: unless('UserInfo'),
    cleanUp: unless('CleanUp'),
    links: unless('PublicLink'),
    command: unless('Command'),
    close: 'forward',
  }
  return wrap(inner, decisions)
}
