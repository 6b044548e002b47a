import { resolve, sep } from 'node:path'
import type { Logger } from '../../core/context.ts'
import { silent } from '../../core/context.ts'
import type { RemoteEnv } from '../../core/env.ts'
import { StorageError } from '../../core/errors.ts'
import { hashTypes } from '../../core/hash.ts'
import type { HashType } from '../../core/hash.ts'
import type { Path } from '../../core/path.ts'
import { basename, normalise, parent } from '../../core/path.ts'
import type { Facts } from '../../core/facts.ts'
import type { Remote } from '../../core/remote.ts'
import { goQuote } from '../../options/go-syntax.ts'
import { resolveOptions } from '../../options/resolve.ts'
import type { RemoteDefinition } from '../../options/remote-definition.ts'
import { about } from './about.ts'
import { keepsAttributes } from './attributes.ts'
import { commands, runCommand } from './commands.ts'
import { hash } from './hash.ts'
import { identity } from './identity.ts'
import { ignoresCase } from './letter-case.ts'
import { list } from './list.ts'
import { createListing } from './listing.ts'
import { entryOf, linkSuffix, look } from './look.ts'
import { metadata, metadataItems } from './metadata.ts'
import { setMetadata } from './metadata-setting.ts'
import { mkdir } from './mkdir.ts'
import { move, moveDir } from './move.ts'
import { open } from './open.ts'
import type { LocalSettings } from './options.ts'
import { localOptions } from './options.ts'
import { openParts } from './parts.ts'
import type { Place } from './place.ts'
import { named, showFrom } from './place.ts'
import { remove, rmdir } from './remove.ts'
import { setTimes, settablePrecision } from './times.ts'
import { write } from './write.ts'

export interface LocalOptions extends Partial<LocalSettings> {
  /** Default 'local'. */
  readonly name?: string
  /** An absolute directory that paths in messages are shown from; default: absolute paths. */
  readonly displayFrom?: string | undefined
  /** What earlier runs have left. Default: nothing is remembered. */
  readonly remembered?: RemoteEnv['remembered']
  /** Told of links, pipes and the like that a listing leaves out. Default: nobody. */
  readonly log?: Logger
}

/**
 * The local file system as a remote: the whole of it, so that a path is the absolute one without its leading '/' (Windows:
 * 'C:/…'). Names that are no UTF-8 keep their bytes (src/core/names.ts).
 * @throws StorageError 'config' where options exclude each other
 */
export function createLocalRemote(options: LocalOptions = {}): Remote {
  const place = createPlace(options)
  return {
    name: options.name ?? 'local',
    type: 'local',
    facts: (path) => factsOf(place, path),
    identity: (path) => identity(place, path),
    list: (dir, o) => list(place, dir, o),
    async stat(path, { signal, bareLinks, onError } = {}) {
      signal?.throwIfAborted()
      const seen = look(place, path, bareLinks)
      if (!seen && onError && path !== '') createListing(place, parent(path), { onError }).entry(basename(path))
      return seen && entryOf(seen)
    },
    open: (path, o) => open(place, path, o),
    write: (path, source, o) => write(place, path, source, o),
    openParts: (path, source, o) => openParts(place, path, source, o),
    remove: (path, o) => remove(place, path, o),
    mkdir: (dir, o) => mkdir(place, dir, o),
    rmdir: (dir, o) => rmdir(place, dir, o),
    move: (from, to, o) => move(place, from, to, o),
    moveDir: (from, to, o) => moveDir(place, from, to, o),
    hash: (entry, type, o) => hash(place, entry, type, o),
    metadata: (entry, o) => metadata(place, entry, o),
    setMetadata: (entry, wanted, o) => setMetadata(place, entry, wanted, o),
    about: (path, o) => about(place, path, o),
    command: runCommand,
    ...(place.settings.noSetModtime ? {} : { setTimes: (entry, times, o) => setTimes(place, entry, times, o) }),
  }
}

/** The local file system as a kind of remote. The section key `display_from` is `displayFrom` of {@link LocalOptions}. */
export const localDefinition: RemoteDefinition<typeof localOptions> = {
  type: 'local',
  summary: 'The local file system',
  options: localOptions,
  commands,
  open: async (name, options, env, section) =>
    createLocalRemote({
      ...options,
      name,
      displayFrom: section['display_from'],
      log: env.log,
      remembered: env.remembered,
    }),
}

function createPlace(options: LocalOptions): Place {
  const settings = { ...defaults, ...options }
  if (settings.links && settings.copyLinks)
    throw new StorageError('config', "can't use -l/--links with -L/--copy-links")
  const shown = showFrom(options.displayFrom)
  return {
    settings,
    log: options.log ?? silent,
    remembered: options.remembered,
    shown,
    hashes: wantedHashes(settings.hashes, options.log ?? silent),
    describe: (path) => `Local file system at ${named(shown(path))}`,
    noticed: new Set(),
  }
}

/** All that there are where none is named. */
function wantedHashes(names: readonly string[], log: Logger): readonly HashType[] {
  if (names.length === 0) return hashTypes
  return names.flatMap((name) => {
    const type = hashTypes.find((known) => known === name.toLowerCase())
    if (!type) log.log({ level: 'INFO', text: `Invalid token ${goQuote(name)} in --local-hashes` })
    return type ?? []
  })
}

const defaults = resolveOptions(localOptions, [])

function factsOf(place: Place, path: Path): Facts {
  const keepsTimes = !place.settings.noSetModtime
  return {
    description: place.describe(path),
    shown: named(place.shown(path)),
    hashes: place.hashes,
    // what it takes to know is loaded where somebody asks
    get timePrecision() {
      return keepsTimes ? settablePrecision() : undefined
    },
    get caseInsensitive() {
      return ignoresCase(place, path) === true
    },
    get caseUnknown() {
      return ignoresCase(place, path) === undefined
    },
    emptyDirs: true,
    dirTimes: keepsTimes,
    slowHash: true,
    partialUploads: true,
    linkSuffix: place.settings.links ? linkSuffix : undefined,
    metadata: metadataItems,
    get userMetadata() {
      return keepsAttributes()
    },
    dirMetadata: true,
  }
}

/** The path on a local remote of a path of this system, relative ones from the working directory. */
export function pathFromSystem(path: string): Path {
  return normalise(resolve(path).replaceAll(sep, '/'))
}
