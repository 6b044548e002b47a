import { StorageError, type ErrorCode } from '../core/errors.ts'
import { systemCode } from '../util/atomic-file.ts'

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EACCES: 'permission',
  EPERM: 'permission',
  EROFS: 'read-only',
  EISDIR: 'is-dir',
  ENOTDIR: 'not-dir',
  ENOENT: 'not-found',
}

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ENOENT: 'no such file or directory',
}

const hints: Partial<Record<ErrorCode, string>> = {
  'disk-full': 'Free some space and try again; the old content is still there.',
  permission: 'Check who owns the file and its folder, or name another file with --config.',
  'read-only': 'Make it writable, or name another file with --config.',
}

/** What the system said, in its usual words. */
export function systemReason(error: unknown): string {
  const code = systemCode(error)
  return (code && words[code]) ?? (error instanceof Error ? error.message : String(error))
}

/**
 * A system's error as a StorageError.
 * @param what what could not be done, to which path
 * @param other its code where the system's word stands for none
 */
export function fileError(error: unknown, what: string, other: ErrorCode = 'io'): StorageError {
  if (error instanceof StorageError) return error
  const system = systemCode(error)
  const code = (system && codes[system]) || other
  return new StorageError(code, `${what}: ${systemReason(error)}`, {
    cause: error,
    details: { system, hint: hints[code] },
  })
}
