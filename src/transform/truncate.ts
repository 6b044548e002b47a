import { StorageError } from '../core/errors.ts'
import { hasEscapedBytes, nameFromBytes, nameToBytes } from '../core/names.ts'
import { splitExtensions } from '../operations/name-suffix.ts'

/**
 * Cuts a text to so many characters.
 * @param max below 1: nothing is cut
 * @throws StorageError, from the function, 'invalid-name' where the extension that is kept leaves no room
 */
export function truncateCharacters(max: number, keepExtension: boolean): (text: string) => string {
  return (text) => {
    if (max <= 0 || Array.from(text).length <= max) return text
    const [base, extension] = keepExtension ? splitExtensions(text) : [text, '']
    const keep = max - Array.from(extension).length
    if (keep <= 0) throw new StorageError('invalid-name', 'extension is longer than the truncation limit')
    return Array.from(base).slice(0, keep).join('') + extension
  }
}

/** The same with bytes of UTF-8; no character is cut in two. @throws StorageError, from the function, 'invalid-name' */
export function truncateBytes(max: number, keepExtension: boolean): (text: string) => string {
  return (text) => {
    if (max <= 0 || nameToBytes(text).length <= max) return text
    const [base, extension] = keepExtension ? splitExtensions(text) : [text, '']
    const bytes = nameToBytes(base)
    for (let keep = max - nameToBytes(extension).length; keep > 0; keep--) {
      const cut = nameFromBytes(bytes.subarray(0, keep)) + extension
      if (!hasEscapedBytes(cut)) return cut
    }
    throw new StorageError('invalid-name', 'could not truncate to valid UTF-8')
  }
}
