import { StorageError } from '../../../core/errors.ts'
import type { Time } from '../../../core/time.ts'
import { parseJfsDate } from './dates.ts'
import type { XmlElement } from './xml.ts'
import { child, integerOf, textOf } from './xml.ts'

/** One revision of a file (docs/protocol.md §4.7). */
export interface WireRevision {
  readonly number: string | undefined
  readonly state: string
  readonly created: Time | undefined
  readonly modified: Time | undefined
  /** When the service stored it. */
  readonly updated: Time | undefined
  readonly mime: string | undefined
  readonly size: number | undefined
  /** Lower-case hex. */
  readonly md5: string | undefined
}

/** A file, in a listing or as its own document. */
export interface WireFile {
  readonly kind: 'file'
  readonly name: string
  /** The same for as long as it is the same file, whatever its name. */
  readonly uuid: string | undefined
  /** Where it lies or lay: the full path of its folder, with user and device; absent in most listings. */
  readonly above: string | undefined
  /** Names its public link, where it has one. */
  readonly publicUri: string | undefined
  /** It is in the trash. */
  readonly deleted: boolean
  /** The newest completed revision; absent for a file whose upload was never finished. */
  readonly current: WireRevision | undefined
  /** Older ones, newest first; only in the file's own document. */
  readonly older: readonly WireRevision[]
}

/** A folder or mountpoint, without what is in it. */
export interface WireDir {
  readonly kind: 'dir'
  readonly name: string
  readonly above: string | undefined
  readonly publicUri: string | undefined
  readonly deleted: boolean
  readonly modified: Time | undefined
}

/** The account's own document (docs/protocol.md §4.3). */
export interface WireUser {
  /** Bytes; -1 is unlimited. */
  readonly capacity: number | undefined
  readonly usage: number | undefined
  readonly writeLocked: boolean
}

/** Picks the entries of a folder or mountpoint document (docs/protocol.md §4.6). */
export function isListedItem(name: string, depth: number): boolean {
  return depth === 2 && (name === 'folder' || name === 'file')
}

/**
 * A file or directory from its element: an entry of a listing, or a document.
 * @throws StorageError 'protocol' for an element that is neither
 */
export function itemOf(element: XmlElement): WireFile | WireDir {
  if (element.name === 'file') return fileOf(element)
  if (!dirElements.has(element.name)) throw unexpected(element.name)
  return {
    kind: 'dir',
    name: element.attributes['name'] ?? textOf(element, 'name') ?? '',
    ...placeOf(element),
    // an attribute of folders, a child of mountpoints
    deleted: element.attributes['deleted'] !== undefined || child(element, 'deleted') !== undefined,
    modified: parseJfsDate(textOf(element, 'modified')),
  }
}

/** The account from its document. @throws StorageError 'protocol' */
export function userOf(element: XmlElement): WireUser {
  if (element.name !== 'user') throw unexpected(element.name)
  return {
    capacity: integerOf(element, 'capacity'),
    usage: integerOf(element, 'usage'),
    writeLocked: [textOf(element, 'locked'), textOf(element, 'write-locked')].includes('true'),
  }
}

/**
 * The names in a list of devices or mountpoints, without those in the trash (docs/protocol.md §4.3, §4.4).
 * @param list the element that holds them
 */
export function namesOf(element: XmlElement, list: 'devices' | 'mountPoints'): readonly string[] {
  const live = (child(element, list)?.children ?? []).filter((one) => child(one, 'deleted') === undefined)
  return live.map((one) => textOf(one, 'name') ?? '').filter((name) => name !== '')
}

const dirElements: ReadonlySet<string> = new Set(['folder', 'mountPoint', 'searchresult'])

function fileOf(element: XmlElement): WireFile {
  const current = child(element, 'currentRevision')
  const older = child(element, 'revisions')?.children ?? []
  return {
    kind: 'file',
    name: element.attributes['name'] ?? '',
    uuid: element.attributes['uuid'],
    ...placeOf(element),
    deleted: element.attributes['deleted'] !== undefined,
    current: current && revisionOf(current),
    older: older.map(revisionOf),
  }
}

function placeOf(element: XmlElement): Pick<WireDir, 'above' | 'publicUri'> {
  const uri = textOf(element, 'publicURI')?.trim()
  return { above: textOf(element, 'abspath'), publicUri: uri === '' ? undefined : uri }
}

function revisionOf(element: XmlElement): WireRevision {
  const mime = textOf(element, 'mime')?.trim()
  const md5 = textOf(element, 'md5')?.trim().toLowerCase()
  return {
    number: textOf(element, 'number')?.trim(),
    state: textOf(element, 'state')?.trim() ?? '',
    created: parseJfsDate(textOf(element, 'created')),
    modified: parseJfsDate(textOf(element, 'modified')),
    updated: parseJfsDate(textOf(element, 'updated')),
    mime: mime === '' ? undefined : mime,
    size: integerOf(element, 'size'),
    md5: md5 === '' ? undefined : md5,
  }
}

function unexpected(name: string): StorageError {
  return new StorageError('protocol', `The service sent a <${name.slice(0, 40)}> where a file or folder was expected`)
}
