import { readFile, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StorageError } from '../core/errors.ts'
import { nameFromBytes } from '../core/names.ts'
import { systemCode } from '../util/atomic-file.ts'
import { systemReason } from './file-error.ts'
import type { Ini } from './ini.ts'
import { parseIni } from './ini-text.ts'

/** A config file as it was read. */
export interface ReadConfig {
  readonly ini: Ini
  readonly exists: boolean
  /** Changes when the file does. */
  readonly stamp: string
}

/**
 * Reads a config file; a missing one is empty.
 * @throws StorageError 'config', its message rclone's: `Failed to load config file "PATH": …`
 */
export async function readConfig(path: string): Promise<ReadConfig> {
  const stamp = await stampOf(path)
  const bytes = await readPatiently(path)
  if (bytes === undefined) return { ini: [], exists: false, stamp: '' }
  const text = nameFromBytes(bytes)
  requirePlain(path, text)
  try {
    return { ini: parseIni(text), exists: true, stamp }
  } catch (error) {
    throw loadError(path, error instanceof Error ? error.message : String(error), error)
  }
}

/** What {@link ReadConfig.stamp} is now. */
export async function stampOf(path: string): Promise<string> {
  const now = await stat(path, { bigint: true }).catch(() => undefined)
  return now ? `${now.dev} ${now.ino} ${now.size} ${now.mtimeNs} ${now.ctimeNs}` : ''
}

/** rclone renames the old file aside before the new one takes its place: for a moment there is none. */
async function readPatiently(path: string): Promise<Uint8Array | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await readFile(path)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw loadError(path, systemReason(error), error)
      const replacing = attempt < 10 && (await stampOf(`${path}.old`)) !== ''
      if (!replacing) return undefined
      await pause(20)
    }
  }
}

function requirePlain(path: string, text: string): void {
  const first = text.split('\n').find((line) => /^\s*[^\s#;]/.test(line.replace(/^\uFEFF/, '')))
  const version = /^RCLONE_ENCRYPT_V(.*?):?\s*$/.exec(first ?? '')?.[1]
  if (version === undefined) return
  if (version !== '0') throw loadError(path, 'unsupported configuration encryption - update rclone for support')
  throw loadError(path, 'it is encrypted, and encrypted config files cannot be read by this version', undefined, {
    hint: 'Use an unencrypted copy: "rclone config encryption remove" makes one.',
  })
}

function loadError(path: string, reason: string, cause?: unknown, details?: { readonly hint: string }): StorageError {
  return new StorageError('config', `Failed to load config file "${path}": ${reason}`, {
    cause,
    details: { system: systemCode(cause), ...details },
  })
}
