import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import type { OpenDeps } from '../config/open.ts'
import type { Surroundings } from '../config/places.ts'
import type { Entry } from '../core/entry.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { basename, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { State } from '../state/open.ts'
import type { Opener } from './command.ts'

/** What opening needs of a run. */
export interface OpeningRun extends Pick<
  OpenDeps,
  'environment' | 'flags' | 'http' | 'log' | 'signal' | 'now' | 'cwd' | 'platform'
> {
  /** `--config`, where it is on the command line. */
  readonly configFlag: string | undefined
  /** '' is the system's. */
  readonly tempDir: string
  /** `--cache-dir`; '' is the user's own. */
  readonly cacheDir: string
  /** `--no-hash-cache` */
  readonly noHashCache: boolean
  /** The file that was started. */
  readonly program: string
  /** Told of every place that was opened. */
  readonly onOpened: (place: Location) => void
}

/** Opens what arguments name; config and remotes are loaded when they are first needed. */
export interface Opening {
  readonly opener: Opener
  readonly deps: () => Promise<OpenDeps>
  /** Where the config file is or would be, without reading it; undefined: in memory only. */
  readonly configPath: () => Promise<string | undefined>
  /** What earlier runs have left. */
  readonly state: () => Promise<State>
  close(): Promise<void>
}

/** Opens path arguments as rclone does (rclone's surface 1.1, "Opening the path arguments"). */
export function createOpening(run: OpeningRun): Opening {
  let loading: Promise<OpenDeps> | undefined
  let opening: Promise<State> | undefined
  const state = (): Promise<State> => (opening ??= loadState(run))
  const deps = (): Promise<OpenDeps> => (loading ??= loadDeps(run, state))

  const opened = async <T>(typed: string, look: (location: Location) => T | Promise<T>): Promise<T> => {
    const { openLocation } = await import('../config/open.ts')
    const loaded = await deps()
    try {
      const location = await openLocation(typed, loaded)
      run.onOpened(location)
      return await look(location)
    } catch (error) {
      run.signal.throwIfAborted()
      throw failedToOpen(typed, error)
    }
  }
  const statOf = async ({ remote, path }: Location): Promise<Entry | undefined> =>
    path === '' ? undefined : await remote.stat(path, { signal: run.signal })

  return {
    deps,
    state,
    configPath: () => findConfig(run),
    opener: {
      location: (typed) => opened(typed, (location) => location),
      source: (typed) =>
        opened(typed, async (location) => {
          const { remote, path } = location
          const entry = await statOf(location)
          return entry?.kind === 'file' ? { remote, path: parent(path), file: basename(path) } : location
        }),
      directory: (typed) =>
        opened(typed, async (location) => {
          const entry = await statOf(location)
          if (entry?.kind === 'file') throw new StorageError('not-dir', 'is a file not a directory')
          return location
        }),
    },
    async close() {
      if (loading) {
        const { closeRemotes } = await import('../config/open.ts')
        await closeRemotes((await loading).opened)
      }
      if (opening) (await opening).close()
    },
  }
}

async function findConfig(run: OpeningRun): Promise<string | undefined> {
  const { findConfigPath } = await import('../config/places.ts')
  return await findConfigPath(run.configFlag, surroundings(run))
}

function surroundings({ environment, cwd, platform, program }: OpeningRun): Surroundings {
  return { environment, cwd, platform, programDir: dirname(program) }
}

async function loadState(run: OpeningRun): Promise<State> {
  const [{ openState }, { stateFolder }] = await Promise.all([
    import('../state/open.ts'),
    import('../config/places.ts'),
  ])
  return openState(run.cacheDir || stateFolder(surroundings(run)), run.now)
}

async function loadDeps(run: OpeningRun, state: () => Promise<State>): Promise<OpenDeps> {
  const [{ nothingOpened }, { loadConfig }, { findConfigPath, stateFolder }] = await Promise.all([
    import('../config/open.ts'),
    import('../config/file.ts'),
    import('../config/places.ts'),
  ])
  const around = {
    environment: run.environment,
    cwd: run.cwd,
    platform: run.platform,
    programDir: dirname(run.program),
  }
  const path = await findConfigPath(run.configFlag, around)
  const config = await loadConfig(path, { log: run.log, stateDir: stateFolder(around) })
  const { hashes, unfinished } = await state()
  const remembered = { hashes: run.noHashCache ? undefined : hashes, unfinished }
  return { ...run, config, remembered, tempDir: run.tempDir || tmpdir(), opened: nothingOpened() }
}

/** A failure at the start: it ends the run without another attempt. */
function failedToOpen(typed: string, error: unknown): StorageError {
  const hint = isStorageError(error) ? error.details.hint : undefined
  return new StorageError(
    'config',
    `Failed to create file system for ${goQuote(withoutSecrets(typed))}: ${messageOf(error)}`,
    {
      cause: error,
      details: { hint },
    },
  )
}

/** A connection string with the values of its secret options hidden. */
function withoutSecrets(typed: string): string {
  return typed.replace(/([,_](?:token|secret|pass\w*)=)("(?:[^"]|"")*"|'(?:[^']|'')*'|[^,:]*)/gi, '$1XXX')
}
