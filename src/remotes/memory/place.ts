import type { Entry, FileEntry } from '../../core/entry.ts'
import type { Facts } from '../../core/facts.ts'
import type { Time } from '../../core/time.ts'
import { truncate } from '../../core/time.ts'
import type { FileNode, Found, Tree } from './tree.ts'

/** What all operations of one memory remote share. */
export interface Place {
  readonly tree: Tree
  readonly facts: Omit<Facts, 'description'>
  readonly pageSize: number
  readonly now: () => Time
  /** A revision that no file had before. */
  readonly nextRevision: () => string
}

/** `time` as the place keeps it. */
export function kept(place: Place, time: Time): Time {
  return truncate(time, place.facts.timePrecision ?? 1n)
}

/** The entry of what was found in the tree. */
export function entryOf({ path, node }: Found): Entry {
  return node.kind === 'dir' ? { kind: 'dir', path, modified: node.modified } : fileEntry({ path, node })
}

/** The entry of a file in the tree. */
export function fileEntry({ path, node }: Found<FileNode>): FileEntry {
  const { hashes, modified, created, stored, revision } = node
  return { kind: 'file', path, size: node.content.length, modified, hashes, created, stored, revision }
}
