import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import type { OpenDeps } from '../config/open.ts'
import { withoutSecrets } from '../config/secrets.ts'
import type { Surroundings } from '../config/places.ts'
import type { Terminal } from '../config/terminal.ts'
import type { Unlock } from '../config/unlock.ts'
import type { Entry } from '../core/entry.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { basename, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { State } from '../state/open.ts'
import type { Opener, SourceArgument } from './command.ts'

/** What opening needs of a run. */
export interface OpeningRun extends Pick<
  OpenDeps,
  | 'environment'
  | 'flags'
  | 'http'
  | 'settingsWith'
  | 'log'
  | 'disabled'
  | 'signal'
  | 'now'
  | 'cwd'
  | 'platform'
  | 'refreshHelper'
> {
  /** `--config`, where it is on the command line. */
  readonly configFlag: string | undefined
  readonly terminal: Terminal
  /** How the password of an encrypted config is found. */
  readonly passwords: { readonly passwordCommand: readonly string[]; readonly askPassword: boolean }
  /** '' is the system's. */
  readonly tempDir: string
  /** The filter flags were used, with which no single file can be named. */
  readonly filtered: boolean
  /** `--cache-dir`; '' is the user's own. */
  readonly cacheDir: string
  /** `--no-hash-cache` */
  readonly noHashCache: boolean
  /** The file that was started. */
  readonly program: string
  /** Loads the config, where another one does that. */
  readonly shared?: () => Promise<Pick<OpenDeps, 'config' | 'opened'>>
  /** Told of every place that was opened. */
  readonly onOpened: (place: Location) => void
}

/** Opens what arguments name; config and remotes are loaded when they are first needed. */
export interface Opening {
  readonly opener: Opener
  readonly deps: () => Promise<OpenDeps>
  /** Where the config file is or would be, without reading it; undefined: in memory only. */
  readonly configPath: () => Promise<string | undefined>
  /** Resolves when no change of a token is under way. */
  renewed(): Promise<void>
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
  const source = (typed: string): Promise<SourceArgument> =>
    opened(typed, async (location) => {
      const { remote, path } = location
      const entry = await statOf(location)
      return entry?.kind === 'file' ? { remote, path: parent(path), file: basename(path), entry } : location
    })
  const statOf = async ({ remote, path }: Location): Promise<Entry | undefined> => {
    if (path === '') return undefined
    const { signal } = run
    const entry = await remote.stat(path, { signal })
    const { linkSuffix } = remote.facts(path)
    if (entry || linkSuffix === undefined || !(await remote.stat(path + linkSuffix, { signal }))) return entry
    throw new StorageError('config', `need "${linkSuffix}" suffix to refer to symlink when using -l/--links`)
  }

  return {
    deps,
    state,
    configPath: () => findConfig(run),
    opener: {
      location: (typed) => opened(typed, (location) => location),
      source,
      async listed(typed) {
        const argument = await source(typed)
        if (argument.file === undefined || !run.filtered) return argument
        throw new StorageError('config', `can't limit to single files when using filters: ${typed}`)
      },
      async file(typed) {
        if (/(?:^|[/:])$/.test(typed)) throw isDirectory(typed)
        return await opened(typed, ({ remote, path }) => {
          const dir = { remote, path: parent(path) }
          run.onOpened(dir)
          return { ...dir, file: basename(path) }
        })
      },
      directory: (typed) =>
        opened(typed, async (location) => {
          const entry = await statOf(location)
          if (entry?.kind === 'file') throw new StorageError('not-dir', 'is a file not a directory')
          return location
        }),
    },
    async renewed() {
      const loaded = await loading?.catch(() => undefined)
      for (const renewal of loaded?.opened.renewals ?? []) await renewal
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

function isDirectory(typed: string): StorageError {
  return new StorageError('config', `${goQuote(typed)} is a directory`)
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
  const { config, opened } = await (run.shared?.() ?? loadShared(run))
  const { hashes, unfinished, writers } = await state()
  const remembered = { hashes: run.noHashCache ? undefined : hashes, unfinished, writers }
  return { ...run, config, opened, remembered, tempDir: run.tempDir || tmpdir() }
}

async function loadShared(run: OpeningRun): Promise<Pick<OpenDeps, 'config' | 'opened'>> {
  const [{ nothingOpened }, { loadConfig }, { findConfigPath, stateFolder }] = await Promise.all([
    import('../config/open.ts'),
    import('../config/file.ts'),
    import('../config/places.ts'),
  ])
  const around = surroundings(run)
  const path = await findConfigPath(run.configFlag, around)
  const unlock = unlockOf(run, path)
  const config = await loadConfig(path, { log: run.log, stateDir: stateFolder(around), unlock })
  return { config, opened: nothingOpened() }
}

/** Loaded only when a config is encrypted. */
function unlockOf(
  { passwords, environment, terminal, log, signal }: OpeningRun,
  configPath: string | undefined,
): Unlock {
  const ask = async (): Promise<string> => {
    const { askConfigPassword } = await import('../config/dialogue/new-password.ts')
    return await askConfigPassword('Enter configuration password:', terminal)
  }
  return async (fits) => {
    const { createUnlock } = await import('../config/unlock.ts')
    const command = passwords.passwordCommand
    const sources = { command, environment, configPath, ask: passwords.askPassword ? ask : undefined, log, signal }
    return await createUnlock(sources)(fits)
  }
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
