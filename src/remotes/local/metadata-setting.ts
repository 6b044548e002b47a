import { fchownSync } from 'node:fs'
import type { Metadata } from '../../core/remote.ts'
import type { Time } from '../../core/time.ts'
import { parseRfc3339 } from '../../core/time.ts'

/**
 * The permissions that metadata asks for: octal, with or without the kind of file in front.
 * @param bits those that count
 */
export function modeOf(metadata: Metadata | undefined, bits: number): number | undefined {
  const text = metadata?.['mode']
  return text !== undefined && /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) & bits : undefined
}

/** The time of modification that metadata asks for. */
export function modifiedOf(metadata: Metadata | undefined): Time | undefined {
  return timeOf(metadata, 'mtime')
}

/** The time of the last access that metadata asks for. */
export function accessTimeOf(metadata: Metadata | undefined): Time | undefined {
  return timeOf(metadata, 'atime')
}

/** Gives a file the owner that metadata names, as far as the system lets this user. */
export function setOwner(fd: number, metadata: Metadata | undefined): void {
  const [uid, gid] = [numberOf(metadata, 'uid'), numberOf(metadata, 'gid')]
  if (uid === undefined || gid === undefined || process.getuid?.() !== 0) return
  fchownSync(fd, uid, gid)
}

function timeOf(metadata: Metadata | undefined, key: string): Time | undefined {
  const text = metadata?.[key]
  return text === undefined ? undefined : parseRfc3339(text)
}

function numberOf(metadata: Metadata | undefined, key: string): number | undefined {
  const text = metadata?.[key]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}
