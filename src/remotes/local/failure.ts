import { getSystemErrorMap } from 'node:util'
import type { ErrorCode } from '../../core/errors.ts'
import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { Place } from './place.ts'

/** Linux's wording, as Go programs print it; recorded answers of rclone carry it. */
const known: Readonly<Record<string, readonly [code: ErrorCode, text: string]>> = {
  ENOENT: ['not-found', 'no such file or directory'],
  ENOTDIR: ['not-dir', 'not a directory'],
  EISDIR: ['is-dir', 'is a directory'],
  EEXIST: ['exists', 'file exists'],
  ENOTEMPTY: ['not-empty', 'directory not empty'],
  EACCES: ['permission', 'permission denied'],
  EPERM: ['permission', 'operation not permitted'],
  EROFS: ['read-only', 'read-only file system'],
  ENOSPC: ['disk-full', 'no space left on device'],
  EDQUOT: ['disk-full', 'disk quota exceeded'],
  EFBIG: ['unsupported', 'file too large'],
  EXDEV: ['unsupported', 'invalid cross-device link'],
  ENAMETOOLONG: ['invalid-name', 'file name too long'],
  EILSEQ: ['invalid-name', 'invalid or incomplete multibyte or wide character'],
  EINVAL: ['invalid-argument', 'invalid argument'],
  ELOOP: ['io', 'too many levels of symbolic links'],
  EBUSY: ['locked', 'device or resource busy'],
  ETXTBSY: ['locked', 'text file busy'],
  EMFILE: ['io', 'too many open files'],
  ENFILE: ['io', 'too many open files in system'],
  EIO: ['io', 'input/output error'],
  ESTALE: ['io', 'stale file handle'],
  ENXIO: ['unsupported', 'no such device or address'],
}

/** Failures that pass by themselves. */
const passing: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EBUSY', 'ETXTBSY', 'EAGAIN', 'ESTALE'])

/** An error about `path` in Go's form, `operation path: text`. */
export function failure(place: Place, code: ErrorCode, operation: string, path: Path, text: string): StorageError {
  return new StorageError(code, `${operation} ${place.shown(path)}: ${text}`, { details: { operation, path } })
}

/** What the system says of a `path` that is not there, without having been asked. */
export function absent(place: Place, code: 'not-found' | 'dir-not-found', operation: string, path: Path): StorageError {
  return new StorageError(code, `${operation} ${place.shown(path)}: no such file or directory`, {
    details: { operation, path, system: 'ENOENT' },
  })
}

/** Runs `act`; what the system refuses is thrown as a StorageError about `path`. */
export function onDisk<T>(place: Place, operation: string, path: Path, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw translated(place, operation, path, error)
  }
}

/** `error` as a StorageError about `path` where the system gave it; anything else as it is. */
export function translated(place: Place, operation: string, path: Path, error: unknown): unknown {
  const system = systemCode(error)
  if (system === undefined) return error
  const [code, text] = known[system] ?? ['io', plainText(system)]
  const ends = code === 'disk-full' && place.settings.fatalIfNoSpace
  return new StorageError(ends ? 'fatal' : code, `${operation} ${place.shown(path)}: ${text}`, {
    retry: passing.has(system) ? 'later' : 'no',
    details: { operation, path, system, hint: hints[code] },
    cause: error,
  })
}

/** The system's code (ENOENT …) of an error that node made of it. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const hints: Partial<Record<ErrorCode, string>> = {
  'disk-full': 'make room on the disk and run it again',
  permission: 'check who owns it and what its mode allows',
}

function plainText(system: string): string {
  for (const [name, text] of getSystemErrorMap().values()) if (name === system) return text
  return system
}
