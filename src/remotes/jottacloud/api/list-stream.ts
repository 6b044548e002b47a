import { StorageError } from '../../../core/errors.ts'
import type { ByteStream } from '../../../core/stream.ts'
import type { Time } from '../../../core/time.ts'
import { ownText } from '../../../util/own-text.ts'
import { parseStreamDate } from './dates.ts'
import type { XmlElement } from './xml.ts'
import { createXmlReader, integerOf, textOf } from './xml.ts'

/** A live file or folder of a recursive listing. */
export type StreamItem =
  /** `path`: stored, of the folder itself: `/mountpoint/dir…` */
  | { readonly kind: 'dir'; readonly path: string }
  | {
      readonly kind: 'file'
      /** Stored, of the folder that holds it. */
      readonly path: string
      readonly name: string
      readonly size: number | undefined
      /** Lower-case hex. */
      readonly md5: string | undefined
      readonly created: Time | undefined
      readonly modified: Time | undefined
    }

interface Count {
  readonly folders: number
  readonly files: number
}

/**
 * Reads `mode=liststream` (docs/protocol.md §4.10) as it arrives, a page for each piece of the body. Every folder comes
 * once, before its files, also where the service names it only in them. Without its counts no document is believed to be whole.
 * @throws StorageError 'not-dir' where the document is a file's; 'protocol', retry 'later', where its counts do not agree with
 * what came
 */
export async function* readListStream(body: ByteStream): AsyncGenerator<readonly StreamItem[]> {
  const reader = createXmlReader((name, depth) => depth === 1 && itemNames.has(name))
  const folders = new Set<string>()
  const count = { folders: 0, files: 0 }
  let promised: Count | undefined

  const take = (element: XmlElement, page: StreamItem[]): void => {
    if (element.name === 'stats') {
      promised = { folders: integerOf(element, 'folders') ?? 0, files: integerOf(element, 'files') ?? 0 }
      return
    }
    const path = textOf(element, 'path') ?? ''
    if (!folders.has(path)) {
      folders.add(ownText(path))
      count.folders++
      page.push({ kind: 'dir', path })
    }
    if (element.name === 'folder') return
    count.files++
    page.push(fileOf(element, path))
  }

  for await (const chunk of body) {
    const page: StreamItem[] = []
    for (const element of reader.write(chunk)) take(element, page)
    if (reader.root?.name === 'file') throw new StorageError('not-dir', 'The path is a file')
    if (page.length > 0) yield page
  }
  reader.end()
  if (promised?.folders !== count.folders || promised.files !== count.files) throw miscounted(count, promised)
}

const itemNames: ReadonlySet<string> = new Set(['folder', 'file', 'stats'])

function fileOf(element: XmlElement, path: string): StreamItem {
  return {
    kind: 'file',
    path,
    name: textOf(element, 'filename') ?? '',
    size: integerOf(element, 'size'),
    md5: textOf(element, 'md5')?.trim().toLowerCase(),
    created: parseStreamDate(textOf(element, 'created')),
    modified: parseStreamDate(textOf(element, 'modified')),
  }
}

function miscounted(came: Count, promised: Count | undefined): StorageError {
  const said = (count: Count | undefined): string =>
    count ? `${count.folders} folders and ${count.files} files` : 'none'
  return new StorageError(
    'protocol',
    `The recursive listing is not whole: it held ${said(came)}, and the service counted ${said(promised)}`,
    { retry: 'later' },
  )
}
