import type { Logger } from '../core/context.ts'
import { isStorageError } from '../core/errors.ts'
import { nameToBytes } from '../core/names.ts'
import type { CallOptions } from '../core/stream.ts'
import { type FileCalls, oldContents, replaceFile } from '../util/atomic-file.ts'
import { createLimiter } from '../util/limiter.ts'
import { type OpenBox, readConfig, type ReadConfig, stampOf } from './disk.ts'
import { type ConfigKey, configKeyOf, seal, unseal } from './encrypted.ts'
import { fileError } from './file-error.ts'
import { expandedValues, findSection, type Ini } from './ini.ts'
import { formatIni } from './ini-text.ts'
import { acquireLock, type LeaseTimes } from './lock.ts'
import type { Unlock } from './unlock.ts'

/** The config while its lock is held. */
export interface LockedConfig {
  /** The file's content, read after the lock was taken. */
  readonly ini: Ini
  /**
   * Puts other content on the disk: when this resolves it is there, and before a crash the old or the new one is.
   * @param spare bytes that the disk must have room for besides
   * @throws StorageError naming the file; its old content is still there
   */
  readonly replace: (ini: Ini, spare?: number) => Promise<void>
}

/** rclone's config file, or a config in memory; other programs may change the file at any time. */
export interface ConfigFile {
  /** Absolute; undefined: in memory only. */
  readonly path: string | undefined
  /** Where fjord remembers what it cannot keep in the file. */
  readonly stateDir: string
  /** Whether the file was there when it was last read. */
  readonly exists: boolean
  /** What was last read. */
  readonly ini: Ini
  /** Whether it was encrypted then; it is saved as it was read. */
  readonly encrypted: boolean
  /** The sections in their order. */
  names(): readonly string[]
  /** The values of a section, `%(other)s` replaced; undefined where there is none. */
  get(section: string): Readonly<Record<string, string>> | undefined
  /** Reads the file again if it was changed. @throws StorageError 'config' */
  refresh(): Promise<void>
  /**
   * Runs `work` while no other program that honours the lock changes the file. It must not call `locked` or `edit`.
   * The wait for the lock takes the signal; once it is held, `work` is awaited whatever happens.
   */
  locked<T>(work: (held: LockedConfig) => Promise<T>, options?: CallOptions): Promise<T>
  /** Changes the file: what is on the disk now becomes what `change` makes of it. A missing file is created. */
  edit(change: (ini: Ini) => Ini, options?: CallOptions): Promise<void>
  /**
   * Saves the file encrypted with a password, or plain where it is undefined.
   * @throws StorageError 'invalid-argument' for a password that cannot be one
   */
  encrypt(password: string | undefined, options?: CallOptions): Promise<void>
}

export interface ConfigDeps {
  readonly log: Logger
  readonly stateDir: string
  /** Finds the password of an encrypted file. */
  readonly unlock?: Unlock | undefined
  /** For tests. */
  readonly calls?: FileCalls
  readonly lockTimes?: LeaseTimes
}

/**
 * Loads a config file. A missing one is empty, said once with a NOTICE.
 * @param path absolute; undefined: a config in memory
 * @throws StorageError 'config', its message rclone's: `Failed to load config file "PATH": …`
 */
export async function loadConfig(path: string | undefined, deps: ConfigDeps): Promise<ConfigFile> {
  const config = createConfig(path, deps)
  if (path === undefined) return config
  const notice = (text: string): void => deps.log.log({ level: 'NOTICE', text })
  for (const copy of await oldContents(path, deps.stateDir)) {
    notice(
      `Writing "${path}" was interrupted: its content from before is in "${copy}". Compare them, then remove the copy`,
    )
  }
  await config.refresh()
  if (!config.exists) notice(`Config file "${path}" not found - using defaults`)
  return config
}

const notRead: ReadConfig = { ini: [], exists: false, stamp: 'not read', key: undefined, isPipe: false }

function createConfig(path: string | undefined, deps: ConfigDeps): ConfigFile {
  let current = notRead
  const turns = createLimiter(1)
  const read = async (): Promise<void> => {
    if (path !== undefined && !current.isPipe) current = await readConfig(path, boxOpener(current.key, deps))
  }
  const save = async (ini: Ini, key: ConfigKey | undefined, spare?: number): Promise<void> => {
    if (path === undefined) {
      current = { ...current, ini }
      return
    }
    if (current.isPipe) throw fileError(new Error('it is a pipe'), unsaved(path), 'read-only')
    await writeConfig(path, { ini, key, spare }, deps)
    current = { ...current, ini, exists: true, stamp: await stampOf(path), key }
  }

  const config: ConfigFile = {
    path,
    stateDir: deps.stateDir,
    get exists() {
      return current.exists
    },
    get ini() {
      return current.ini
    },
    get encrypted() {
      return current.key !== undefined
    },
    names: () => current.ini.map(({ name }) => name),
    get(name) {
      const section = findSection(current.ini, name)
      return section && expandedValues(current.ini, section)
    },
    async refresh() {
      if (path !== undefined && (await stampOf(path)) !== current.stamp) await read()
    },
    locked: (work, { signal } = {}) =>
      turns.run(async () => {
        await using _lock = await acquireLock(current.isPipe ? undefined : path, {
          signal,
          stateDir: deps.stateDir,
          times: deps.lockTimes,
          onWait: (holder) => deps.log.log({ level: 'NOTICE', text: waiting(path, holder) }),
        })
        await read()
        return await work({ ini: current.ini, replace: (ini, spare) => save(ini, current.key, spare) })
      }, signal),
    async edit(change, options) {
      if (path === undefined) return await save(change(current.ini), undefined)
      await config.locked(async ({ ini, replace }) => {
        const next = change(ini)
        if (!current.exists || formatIni(next) !== formatIni(ini)) await replace(next)
      }, options)
    },
    async encrypt(password, options) {
      const key = password === undefined ? undefined : configKeyOf(password)
      await config.locked(({ ini }) => save(ini, key), options)
    },
  }
  return config
}

/** Tries what the file was encrypted with before, then asks. */
function boxOpener(known: ConfigKey | undefined, { unlock, log }: ConfigDeps): OpenBox {
  return async (box) => {
    const content = known && (await unseal(box, known))
    if (known && content) return { content, key: known }
    let opened: { readonly content: Uint8Array; readonly key: ConfigKey } | undefined
    const fits = async (password: string): Promise<boolean> => {
      opened = await tryPassword(box, password)
      if (!opened) log.log({ level: 'ERROR', text: "Couldn't decrypt configuration, most likely wrong password." })
      return opened !== undefined
    }
    const failure = unlock ? await unlock(fits) : 'it is encrypted, and there is no password for it'
    return opened ?? failure ?? 'it is encrypted'
  }
}

async function tryPassword(
  box: Uint8Array,
  password: string,
): Promise<{ readonly content: Uint8Array; readonly key: ConfigKey } | undefined> {
  try {
    const key = configKeyOf(password)
    const content = await unseal(box, key)
    return content && { content, key }
  } catch (error) {
    if (isStorageError(error, 'invalid-argument')) return undefined
    throw error
  }
}

interface Written {
  readonly ini: Ini
  readonly key: ConfigKey | undefined
  readonly spare: number | undefined
}

async function writeConfig(path: string, { ini, key, spare }: Written, { stateDir, calls }: ConfigDeps): Promise<void> {
  const options = { mode: 0o600, backupDir: stateDir, spare, ...(calls && { calls }) }
  const plain = nameToBytes(formatIni(ini))
  try {
    await replaceFile(path, key ? await seal(plain, key) : plain, options)
  } catch (error) {
    throw fileError(error, unsaved(path))
  }
}

function waiting(path: string | undefined, holder: string): string {
  return `Waiting for ${holder}, which holds the lock of ${path === undefined ? 'the config' : `"${path}"`}`
}

function unsaved(path: string): string {
  return `could not save the config file "${path}"`
}
