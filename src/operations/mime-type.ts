import mime from 'mime'

/** What a name without a known extension is taken for. */
export const unknownMimeType = 'application/octet-stream'

/** Where rclone's table differs from the common one. */
const ours: Readonly<Record<string, string>> = { log: 'text/x-log' }

/** The MIME type of a name by its extension, with a charset for text; `application/octet-stream` where it has none that is known. */
export function mimeTypeOf(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = dot === -1 ? '' : name.slice(dot + 1).toLowerCase()
  const type = (dot <= 0 ? undefined : (ours[extension] ?? mime.getType(extension))) ?? unknownMimeType
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type
}
