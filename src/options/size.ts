import { badSyntax, badValue } from './bad-value.ts'
import { parseGoFloat } from './go-syntax.ts'

/** No limit. */
export const sizeOff = -1

const symbols = 'kmgtpe'

/**
 * Reads a size as rclone does: a bare number is KiB, `b` bytes, `k m g t p e` powers of 1024 (rclone's surface 2.2).
 * @returns bytes; -1 for `off`
 * @throws StorageError 'usage'
 */
export function parseSize(text: string): number {
  if (text === '') throw badValue('empty string')
  if (text.toLowerCase() === 'off') return sizeOff
  const { digits, factor } = splitSuffix(text)
  const value = parseGoFloat(digits)
  if (value === undefined) throw badSyntax('ParseFloat', digits)
  if (!Number.isFinite(value)) throw badSyntax('ParseFloat', digits, 'value out of range')
  if (value < 0) throw badValue(`size can't be negative "${digits}"`)
  return Math.trunc(value * factor)
}

function splitSuffix(text: string): { readonly digits: string; readonly factor: number } {
  if (/[\d.]$/.test(text)) return { digits: text, factor: 1024 }
  if (/[bB]$/.test(text) && !/.i[bB]$/.test(text)) return { digits: text.slice(0, -1), factor: 1 }
  // "1MiB" is read like "1Mi", whose I may be of either case; alone, the i is its own bad suffix
  const length = /.i[bB]$/.test(text) ? 3 : /.[iI]$/.test(text) ? 2 : 1
  const symbol = text.charAt(text.length - length)
  const power = symbols.indexOf(symbol.toLowerCase()) + 1
  if (power === 0) throw badValue(`bad suffix '${symbol}'`)
  return { digits: text.slice(0, -length), factor: 1024 ** power }
}
