import { readFile, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { nameFromBytes } from '../core/names.ts'
import { systemCode } from '../util/atomic-file.ts'
import { type ConfigKey, sealedBox } from './encrypted.ts'
import { systemReason } from './file-error.ts'
import type { Ini } from './ini.ts'
import { parseIni } from './ini-text.ts'

/** A config file as it was read. */
export interface ReadConfig {
  readonly ini: Ini
  readonly exists: boolean
  /** Changes when the file does. */
  readonly stamp: string
  /** What it is encrypted with; undefined: it is plain. */
  readonly key: ConfigKey | undefined
  /** It gives its content once, as the shell's `<(command)` does. */
  readonly isPipe: boolean
}

/**
 * Opens the box of an encrypted config.
 * @returns its content and the key, or why it stays closed
 */
export type OpenBox = (box: Uint8Array) => Promise<{ readonly content: Uint8Array; readonly key: ConfigKey } | string>

/**
 * Reads a config file; a missing one is empty.
 * @throws StorageError 'config', its message rclone's: `Failed to load config file "PATH": …`; what `openBox` throws
 */
export async function readConfig(path: string, openBox: OpenBox): Promise<ReadConfig> {
  const stamp = await stampOf(path)
  const isPipe = (await stat(path).catch(() => undefined))?.isFIFO() === true
  const bytes = await readPatiently(path)
  if (bytes === undefined) return { ini: [], exists: false, stamp: '', key: undefined, isPipe }
  const text = nameFromBytes(bytes)
  const box = named(path, () => sealedBox(text))
  const opened = box && (await openBox(box))
  if (typeof opened === 'string') throw loadError(path, opened)
  const plain = opened ? nameFromBytes(opened.content) : text
  return { ini: named(path, () => parseIni(plain)), exists: true, stamp, key: opened?.key, isPipe }
}

/** What {@link ReadConfig.stamp} is now. */
export async function stampOf(path: string): Promise<string> {
  const now = await stat(path, { bigint: true }).catch(() => undefined)
  return now ? `${now.dev} ${now.ino} ${now.size} ${now.mtimeNs} ${now.ctimeNs}` : ''
}

/**
 * rclone renames the old file aside before the new one takes its place: for a moment there is none. Only one that is missing
 * before and after no old one was seen is not there; a file taken for missing would be written anew without what is in it.
 */
async function readPatiently(path: string): Promise<Uint8Array | undefined> {
  for (let attempt = 0, absent = 0; ; attempt++) {
    try {
      return await readFile(path)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT')
        throw loadError(path, `${callOf(error)} ${path}: ${systemReason(error)}`, error)
      const replacing = attempt < 10 && (await stampOf(`${path}.old`)) !== ''
      if (replacing) await pause(20)
      else if (absent++ > 0) return undefined
    }
  }
}

/** The call that failed, as Go names it: a directory can be opened, and not read. */
function callOf(error: unknown): 'open' | 'read' {
  return systemCode(error) === 'EISDIR' ? 'read' : 'open'
}

function named<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw loadError(path, messageOf(error), error)
  }
}

function loadError(path: string, reason: string, cause?: unknown): StorageError {
  return new StorageError('config', `Failed to load config file "${path}": ${reason}`, {
    cause,
    details: { system: isStorageError(cause) ? undefined : systemCode(cause) },
  })
}
