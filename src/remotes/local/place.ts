import type { Buffer } from 'node:buffer'
import { realpathSync } from 'node:fs'
import { platform } from 'node:os'
import { posix } from 'node:path'
import type { Logger } from '../../core/context.ts'
import type { RemoteEnv } from '../../core/env.ts'
import { StorageError } from '../../core/errors.ts'
import { hasEscapedBytes, nameFromBytes, nameToBytes } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import type { HashType } from '../../core/hash.ts'
import { isProper } from '../../core/path.ts'
import type { LocalSettings } from './options.ts'
import { systemNames } from './system-names.ts'

/** What all operations of one local remote share. */
export interface Place {
  readonly settings: LocalSettings
  /** Those that it says it has. */
  readonly hashes: readonly HashType[]
  readonly log: Logger
  /** What earlier runs have left. */
  readonly remembered: RemoteEnv['remembered']
  /** How a path is shown in messages: as it was typed, as far as that can be told. */
  shown(path: Path): string
  /** How a place is named in messages. */
  describe(path: Path): string
  /** Names that the log was told of: each once. */
  readonly noticed: Set<string>
}

/** What node takes for a path: bytes where a name is no UTF-8. */
export type DiskPath = string | Buffer

const windows = platform() === 'win32'
/** The names of this system. */
export const ownNames = systemNames(platform())
const unpairedSurrogate = /[\uD800-\uDC7F\uDD00-\uDFFF]/u

/**
 * Where `path` is on the disk: the absolute path without its leading '/' (Windows: 'C:/…').
 * @throws StorageError 'invalid-name'
 */
export function diskPath(path: Path): DiskPath {
  if (!isProper(path) || unpairedSurrogate.test(path))
    throw new StorageError('invalid-name', `${path}: not a path that a disk can have`, { details: { path } })
  const stored = ownNames.toSystem(path)
  return hasEscapedBytes(stored) ? nameToBytes(stored) : stored
}

/** `path` with all links resolved; it must exist. */
export function realPath(path: Path): Path {
  return ownNames.fromSystem(nameFromBytes(realpathSync.native(diskPath(path), 'buffer')))
}

/** A shown path as the name of a place: what leads upwards is written as rclone writes it there. */
export function named(shown: string): string {
  return shown.replaceAll(/(?<=^|\/)\.\.(?=\/|$)/g, '．．')
}

/**
 * Shows paths relative to the directory `from`, itself as '．' (rclone's encoded dot, docs: rclone's surface 3.4); absolute where
 * `from` is not given.
 */
export function showFrom(from: string | undefined): (path: Path) => string {
  const root = windows ? '' : '/'
  if (from === undefined) return (path) => `${root}${path}`
  const base = windows ? from.replaceAll('\\', '/') : from
  return (path) => posix.relative(base, `${root}${path}`) || '．'
}
