import { Buffer } from 'node:buffer'

const lowestEscape = 0xdc80
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The name for bytes of a disk: UTF-8 where it is valid; every other byte b as the lone surrogate U+DC00 + b. */
export function nameFromBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return escapeInvalid(bytes)
  }
}

/** The bytes of a name: the reverse of {@link nameFromBytes}. */
export function nameToBytes(name: string): Buffer {
  if (!hasEscapedBytes(name)) return Buffer.from(name, 'utf8')
  const parts: Buffer[] = []
  for (const char of name) {
    const code = char.codePointAt(0) ?? 0
    parts.push(isEscape(code) ? Buffer.of(code - 0xdc00) : Buffer.from(char, 'utf8'))
  }
  return Buffer.concat(parts)
}

/** Whether `name` carries bytes that are no UTF-8. */
export function hasEscapedBytes(name: string): boolean {
  return /[\uDC80-\uDCFF]/u.test(name)
}

/**
 * What two sides match a name by: its NFC form, in lower case where the place ignores case.
 * @param name one name or a whole path
 */
export function matchKey(
  name: string,
  place: { readonly caseInsensitive: boolean; readonly normalise?: boolean },
): string {
  const normal = place.normalise === false ? name : name.normalize('NFC')
  return place.caseInsensitive ? normal.toLowerCase() : normal
}

/**
 * The same for all names that a place which ignores case may take for one, whatever its rules: also 'ß' is 'SS', and Unicode
 * forms do not count. Two names of one key need not be one.
 * @param name one name or a whole path
 */
export function looseKey(name: string): string {
  return matchKey(name.toUpperCase(), { caseInsensitive: true })
}

function isEscape(code: number): boolean {
  return code >= lowestEscape && code <= 0xdcff
}

function escapeInvalid(bytes: Uint8Array): string {
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const length = validLength(bytes, at)
    if (length === 0) name += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    else name += decoder.decode(bytes.subarray(at, at + length))
    at += Math.max(1, length)
  }
  return name
}

function validLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  try {
    decoder.decode(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0
  }
}
