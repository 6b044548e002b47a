import type { Blobs } from './blobs.ts'
import { DEFAULT_NAMING, foldingOf, spellingOf } from './naming.ts'
import { DEFAULT_SETTINGS, type World } from './world.ts'

/** Makes the state of an account that has nothing yet, not even devices. */
export function newWorld(blobs: Blobs): World {
  return {
    username: '',
    secret: '',
    port: 0,
    settings: DEFAULT_SETTINGS,
    naming: DEFAULT_NAMING,
    fold: foldingOf(DEFAULT_NAMING),
    spell: spellingOf(DEFAULT_NAMING),
    devices: new Map(),
    logins: new Set(),
    families: new Map(),
    uploads: new Map(),
    contents: new Map(),
    numbers: new Map(),
    blobs,
    replaying: false,
  }
}
