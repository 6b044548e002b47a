import { currentRevision, pathOf, type FileItem, type Revision } from '../state/tree.ts'
import { jfsDate } from './dates.ts'
import { escapeXml, preserved } from './escape.ts'
import { mimeOf } from './mime.ts'
import { PROLOG, rootAttributes, type Root } from './root.ts'

/** Gives the number of bytes received for an unfinished upload. */
export type ReceivedOf = (uploadId: string) => number

interface FileElementOptions {
  readonly indent: string
  /** More attributes, with a leading space. */
  readonly attributes?: string
  /** Elements between the opening tag and the revisions. */
  readonly head?: string
}

/**
 * A file as an entry of a listing: name, uuid, `deleted` with `abspath` where it is trashed, current and latest
 * revision. `container` is the full path of its parent (docs/protocol.md §4.6).
 */
export function fileElement(file: FileItem, container: string, options: FileElementOptions): string {
  const { indent, attributes = '' } = options
  const head = options.head ?? (file.deleted === undefined ? '' : `${indent}  ${preserved('abspath', container)}\n`)
  return `${indent}<file${fileAttributes(file)}${attributes}>\n${head}${newestRevisions(file, `${indent}  `)}${indent}</file>\n`
}

/** The document of one file, with all its revisions (docs/protocol.md §4.7). */
export function fileDocument(file: FileItem, root: Root, received: ReceivedOf): string {
  return (
    `${PROLOG}<file${fileAttributes(file)}${rootAttributes(root)}>\n` +
    parentElements(file, root.username, '  ') +
    linkElements(file, root.username, '  ') +
    newestRevisions(file, '  ', received) +
    olderRevisions(file, received) +
    '</file>\n'
  )
}

/** `path` and `abspath` of an item, both its parent's full path. */
export function parentElements(
  item: Exclude<Parameters<typeof pathOf>[0], { kind: 'mountpoint' }>,
  username: string,
  indent: string,
): string {
  const parent = jfsPath(username, pathOf(item.parent))
  return `${indent}${preserved('path', parent)}\n${indent}${preserved('abspath', parent)}\n`
}

/** The elements of a public link, empty without one (docs/protocol.md §4.7 and §4.12). */
export function linkElements(item: { readonly uri: string | undefined }, username: string, indent: string): string {
  if (item.uri === undefined) return ''
  const page = `/p/${username}/${item.uri}`
  return `${indent}<publicURI>${item.uri}</publicURI>\n${indent}<publicSharePath>${page}</publicSharePath>\n`
}

/** A path as JFS spells it: `/<user>/<device>/<mountpoint>/…`. */
export function jfsPath(username: string, path: readonly string[]): string {
  return `/${username}/${path.join('/')}`
}

function fileAttributes(file: FileItem): string {
  const deleted = file.deleted === undefined ? '' : ` deleted="${jfsDate(file.deleted)}"`
  return ` name="${escapeXml(file.name)}" uuid="${file.uuid}"${deleted}`
}

// latestRevision is there only while the newest upload is not completed.
function newestRevisions(file: FileItem, indent: string, received?: ReceivedOf): string {
  const current = currentRevision(file)
  const newest = file.revisions[0]
  const mime = mimeOf(file.name)
  const first = current === undefined ? '' : revisionElement('currentRevision', current, { mime, indent })
  if (newest === undefined || newest.state === 'COMPLETED') return first
  return first + revisionElement('latestRevision', newest, { mime, indent, received })
}

function olderRevisions(file: FileItem, received: ReceivedOf): string {
  const current = currentRevision(file)
  const older = file.revisions.filter((revision, i) => revision !== current && i > 0)
  if (older.length === 0) return ''
  const options = { mime: mimeOf(file.name), indent: '    ', received }
  const elements = older.map((revision) => revisionElement('revision', revision, options))
  return `  <revisions>\n${elements.join('')}  </revisions>\n`
}

interface RevisionOptions {
  readonly mime: string
  readonly indent: string
  /** Given on direct reads only: listings do not say how much of an upload is there. */
  readonly received?: ReceivedOf | undefined
}

function revisionElement(name: string, revision: Revision, options: RevisionOptions): string {
  const { mime, indent } = options
  const size = shownSize(revision, options.received)
  const inner = `\n${indent}  `
  return (
    `${indent}<${name}>${inner}<number>${revision.number}</number>` +
    `${inner}<state>${revision.state}</state>` +
    `${inner}<created>${jfsDate(revision.created)}</created>` +
    `${inner}<modified>${jfsDate(revision.modified)}</modified>` +
    `${inner}<mime>${mime}</mime>` +
    (size === undefined ? '' : `${inner}<size>${size}</size>`) +
    `${inner}<md5>${revision.md5}</md5>` +
    `${inner}<updated>${jfsDate(revision.updated)}</updated>\n${indent}</${name}>\n`
  )
}

function shownSize(revision: Revision, received: ReceivedOf | undefined): number | undefined {
  if (revision.state === 'COMPLETED') return revision.size
  return revision.upload === undefined ? undefined : received?.(revision.upload)
}
