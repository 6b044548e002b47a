import { chmodSync, chownSync, fchmodSync, fchownSync, fstatSync, lchownSync, statSync } from 'node:fs'
import type { Entry } from '../../core/entry.ts'
import type { Metadata } from '../../core/metadata.ts'
import { timesIn } from '../../core/metadata.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { writeAttributes } from './attributes.ts'
import { absent, onDisk, systemCode } from './failure.ts'
import { look } from './look.ts'
import type { DiskPath, Place } from './place.ts'
import { setLinkTimes, setOpenTimes, setPathTimes } from './times.ts'

/** What metadata is set of. */
export interface Target {
  /** What takes extended attributes. */
  readonly file?: number | DiskPath
  /** Special bits that it has from the directory that it is in, or from a person, stay where they are not set. */
  readonly isDir?: boolean
  owner(uid: number, gid: number): void
  /** Permissions that it has, special bits included; undefined where it has none of its own. */
  mode(): number | undefined
  setMode(mode: number): void
  times(modified: Time, accessed: Time): void
}

/** What is set where metadata does not say otherwise. */
export interface Otherwise {
  readonly modified?: Time | undefined
  readonly mode?: number | undefined
}

/** `Remote.setMetadata`. */
export async function setMetadata(
  place: Place,
  { path }: Entry,
  metadata: Metadata,
  { signal }: CallOptions = {},
): Promise<void> {
  signal?.throwIfAborted()
  const seen = look(place, path)
  if (!seen) throw absent(place, 'not-found', 'lstat', path)
  applyMetadata(
    place,
    path,
    seen.kind === 'link' ? theLink(seen.disk) : atPath(seen.disk, seen.kind === 'dir'),
    metadata,
  )
}

/**
 * Sets attributes, owner, mode and times, in this order, since a change of owner takes special bits away. Values that cannot be read are left
 * aside, and so is an owner that the system does not let this user give.
 */
export function applyMetadata(
  place: Place,
  path: Path,
  target: Target,
  metadata: Metadata,
  otherwise: Otherwise = {},
): void {
  if (target.file !== undefined) writeAttributes(place, path, target.file, metadata)
  const owner = ownerIn(metadata)
  if (owner) onDisk(place, 'chown', path, () => asFarAsAllowed(() => target.owner(...owner)))
  const wanted = modeIn(metadata, place.settings.metadataRestoreSpecialBits) ?? otherwise.mode
  if (wanted !== undefined) {
    onDisk(place, 'chmod', path, () => {
      const has = target.mode()
      const keeps = target.isDir && !place.settings.metadataRestoreSpecialBits
      const mode = keeps ? wanted | ((has ?? 0) & specialBits) : wanted
      if (has !== undefined && has !== mode) target.setMode(mode)
    })
  }
  const given = timesIn(metadata)
  const modified = given.modified ?? otherwise.modified ?? given.accessed
  if (modified === undefined || place.settings.noSetModtime) return
  onDisk(place, 'chtimes', path, () => target.times(modified, given.accessed ?? modified))
}

export function openFile(fd: number): Target {
  return {
    file: fd,
    owner: (uid, gid) => fchownSync(fd, uid, gid),
    mode: () => fstatSync(fd).mode & allBits,
    setMode: (mode) => fchmodSync(fd, mode),
    times: (modified, accessed) => setOpenTimes(fd, modified, accessed),
  }
}

/** A symbolic link itself. */
export function theLink(disk: DiskPath): Target {
  return {
    owner: (uid, gid) => lchownSync(disk, uid, gid),
    mode: () => undefined,
    setMode: () => undefined,
    times: (modified, accessed) => setLinkTimes(disk, modified, accessed),
  }
}

function atPath(disk: DiskPath, isDir: boolean): Target {
  return {
    file: disk,
    isDir,
    owner: (uid, gid) => chownSync(disk, uid, gid),
    mode: () => statSync(disk).mode & allBits,
    setMode: (mode) => chmodSync(disk, mode),
    times: (modified, accessed) => setPathTimes(disk, modified, accessed),
  }
}

const specialBits = 0o7000
const allBits = 0o7777

/** Permissions in octal, with or without the kind of file in front. */
function modeIn({ mode = '' }: Metadata, special: boolean): number | undefined {
  return /^\+?[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) & (special ? allBits : 0o777) : undefined
}

/** A group alone changes nothing, and an owner without a group is his own. */
function ownerIn({ uid = '', gid = '' }: Metadata): readonly [uid: number, gid: number] | undefined {
  const [owner, group] = [numberOf(uid), numberOf(gid)]
  return owner === undefined ? undefined : [owner, group ?? owner]
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

function asFarAsAllowed(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!['EPERM', 'EINVAL'].includes(systemCode(error) ?? '')) throw error
  }
}
