import { isProper } from '../core/path.ts'
import type { GotUrl } from './get-url.ts'
import { copyUrlError } from './get-url.ts'

/** The last part of the URL that a file came from. @throws StorageError where it has none */
export function nameInUrl({ url }: Pick<GotUrl, 'url'>): string {
  const name = safeName(decoded(url.pathname))
  if (name === undefined) throw copyUrlError("file name wasn't found in url")
  return name
}

/** The name that the server proposes. @throws StorageError where it proposes none */
export function nameInHeader({ header }: Pick<GotUrl, 'header'>): string {
  const name = safeName(proposed(header('content-disposition') ?? '') ?? '')
  if (name === undefined) throw copyUrlError('filename not found in the Content-Disposition header')
  return name
}

function proposed(disposition: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1]
  if (extended !== undefined) return decoded(extended)
  const match = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition)
  return match?.[1]?.replaceAll(/\\(.)/g, '$1') ?? match?.[2]
}

/** The server must not choose another directory. */
function safeName(path: string): string | undefined {
  const name = path.split(/[/\\]/).at(-1) ?? ''
  return name !== '' && isProper(name) ? name : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
