import { openSync, writeSync } from 'node:fs'
import { StorageError } from '../core/errors.ts'
import type { GlobalOptions } from '../options/common.ts'
import type { LogThreshold } from './log-settings.ts'
import { encode } from './visible.ts'

/** rclone's mode of a new log file. */
const logFileMode = 0o640

/**
 * The least severe level that is logged: `-v`, `-vv`, `-q`, `--dump`, `--log-level`.
 * @param levelGiven whether `--log-level` is on the command line
 */
export function thresholdOf(global: GlobalOptions, levelGiven: boolean): LogThreshold {
  if (global.verbose >= 2 || dumpsAnything(global)) return 'DEBUG'
  if (levelGiven) return global.logLevel
  if (global.verbose === 1) return 'INFO'
  return global.quiet ? 'ERROR' : global.logLevel
}

/** Whether `--dump`, or one of the old flags for it, asks for anything. */
export function dumpsAnything({ dump, dumpHeaders, dumpBodies }: GlobalOptions): boolean {
  return dump.size > 0 || dumpHeaders || dumpBodies
}

/**
 * Refuses flags that say different things about what is logged.
 * @param levelGiven whether `--log-level` is on the command line or in the environment
 * @throws StorageError 'config'
 */
export function checkVerbosity({ verbose, quiet }: GlobalOptions, levelGiven: boolean): void {
  const given = [verbose > 0 && '-v', quiet && '-q', levelGiven && '--log-level'].filter((flag) => flag !== false)
  const [first, second] = given
  if (second !== undefined) throw new StorageError('config', `Can't set ${first} and ${second}`)
}

/**
 * Opens the log file for appending.
 * @returns takes finished lines
 * @throws StorageError 'config'
 */
export async function openLogFile(path: string): Promise<(line: string) => void> {
  try {
    const file = openSync(path, 'a', logFileMode)
    return (line) => writeQuietly(file, line)
  } catch (error) {
    const { systemReason } = await import('../config/file-error.ts')
    throw new StorageError('config', `Failed to open log file: open ${path}: ${systemReason(error)}`, { cause: error })
  }
}

/** A log that cannot be written must not end the work that it tells of. */
function writeQuietly(file: number, line: string): void {
  try {
    writeSync(file, encode(line))
  } catch {
    // Nobody is left to tell
  }
}
