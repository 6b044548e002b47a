import { StorageError } from '../../../core/errors.ts'

const unescapedByRclone: Readonly<Record<string, string>> = {
  '%24': '$',
  '%26': '&',
  '%2C': ',',
  '%3A': ':',
  '%3B': ';',
  '%3D': '=',
  '%40': '@',
}

/**
 * A stored path as it stands in a URL, the slashes kept (docs/protocol.md §5.1): what rclone leaves unescaped is left,
 * and '+' becomes %2B, since the service takes a raw one for a space.
 */
export function escapePath(stored: string): string {
  return encodeURIComponent(stored)
    .replaceAll('%2F', '/')
    .replace(/%(?:24|26|2C|3A|3B|3D|40)/g, (code) => unescapedByRclone[code] ?? code)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** `?a=b&c=d`, form-encoded; '' for no parameters. */
export function queryOf(parameters: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(parameters).toString()
  return text === '' ? '' : `?${text}`
}

/**
 * An address from the config. Tokens travel to it, so plain http is for this machine only.
 * @param what what the address is, for the message: 'token_url'
 * @throws StorageError 'config'
 */
export function configuredUrl(text: string, what: string): string {
  const url = safeUrl(text)
  if (url) return url.href
  throw new StorageError('config', `${what} is no address that a login may be sent to`, {
    details: { hint: 'Give an address that begins with https://, or with http:// on this machine.' },
  })
}

/** Like {@link configuredUrl}, with a slash at the end for what is put behind it. */
export function baseUrl(text: string, what: string): string {
  const url = configuredUrl(text, what)
  return url.endsWith('/') ? url : `${url}/`
}

/** The URL in `text` where secrets may travel to it: https, or http to a loopback address. */
export function safeUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:') return url
  return url?.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
