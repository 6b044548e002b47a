import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { join } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { isListedItem, itemOf } from './api/documents.ts'
import { createXmlReader } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { entryOf } from './entry.ts'
import { list, noSuchDir, pageSize } from './list.ts'
import { open } from './open.ts'
import type { Refused } from './refuse-changes.ts'
import { refuseChanges } from './refuse-changes.ts'
import { stat } from './stat.ts'

const views = ['Latest', 'Links', 'Shared', 'Trash'] as const

/** A mountpoint of the built-in device that shows what lies elsewhere (docs/protocol.md §4.8). */
export type View = (typeof views)[number]

/** The view that device and mountpoint name, in any case; undefined for a place of its own. */
export function viewOf(device: string, mountpoint: string): View | undefined {
  if (device.toLowerCase() !== 'jotta') return undefined
  return views.find((view) => view.toLowerCase() === mountpoint.toLowerCase())
}

/** Why nothing can be changed there. */
export function viewIsReadOnly(view: View): string {
  return `${view} only shows what lies elsewhere in the account, so nothing can be changed in it`
}

/**
 * What can be done in a view: list and read. What it shows is spoken of by the path where it lies; of several of one name all
 * but the first get a number.
 * @param drive its stored paths begin with device and mountpoint
 */
export function viewMembers(drive: Drive, view: View): Pick<Remote, 'list' | 'stat' | 'open'> & Refused {
  const known = async (path: Path, options: CallOptions = {}): Promise<void> => {
    const top = path.split('/')[0] ?? ''
    if (top !== '' && !drive.spellings.isOdd(top)) await listTop(drive, view, options)
    if (top !== '' && !drive.spellings.isOdd(top)) throw noSuchDir(drive, path, 'look')
  }
  return {
    ...refuseChanges(drive, viewIsReadOnly(view)),
    async *list(dir, options) {
      if (dir === '') {
        const entries = await listTop(drive, view, options)
        for (let at = 0; at < entries.length; at += pageSize) yield entries.slice(at, at + pageSize)
        return
      }
      await known(dir, options)
      yield* list(drive, dir, options)
    },
    async stat(path, options) {
      if (path === '') return { kind: 'dir', path }
      try {
        await known(path, options)
      } catch (error) {
        if (isStorageError(error, 'dir-not-found')) return undefined
        throw error
      }
      return stat(drive, path, options)
    },
    async open(path, options) {
      await known(path, options).catch((error: unknown) => {
        if (!isStorageError(error, 'dir-not-found')) throw error
      })
      return open(drive, path, options)
    },
  }
}

async function listTop(drive: Drive, view: View, { signal }: CallOptions = {}): Promise<readonly Entry[]> {
  const call = { operation: 'list', path: '', stored: join(drive.device, view), signal }
  const reader = createXmlReader(isListedItem)
  const items: { readonly item: WireFile | WireDir; readonly stored: string }[] = []
  try {
    const response = await drive.jfs.get(call)
    for await (const chunk of response.body) {
      for (const element of reader.write(chunk)) {
        const item = itemOf(element)
        const stored = placeOf(item)
        if (stored !== undefined) items.push({ item, stored })
      }
    }
    reader.end()
  } catch (error) {
    if (isStorageError(error, 'not-found')) return [] // not every account has every view
    throw error
  }
  const taken = new Set<string>()
  return items
    .toSorted((a, b) => (a.stored < b.stored ? -1 : 1))
    .flatMap(({ item, stored }) => {
      const path = freeName(drive.names.shown(item.name), taken)
      const entry = entryOf(path, item, drive.shown)
      if (!entry) return []
      taken.add(keyOf(path))
      drive.spellings.learn(path, stored)
      return [entry]
    })
}

/** Where an item lies or lay, from the device on; undefined where the service does not say. */
function placeOf({ above, name }: WireFile | WireDir): string | undefined {
  const [, ...place] = (above ?? '').split('/').filter((part) => part !== '')
  return place.length < 2 ? undefined : [...place, name].join('/')
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.')
  const [base, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${base} (${number})${extension}`
    if (!taken.has(keyOf(candidate))) return candidate
  }
}

function keyOf(name: string): string {
  return matchKey(name, { caseInsensitive: true, normalise: false })
}
