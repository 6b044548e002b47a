import { badSyntax, badValue } from './bad-value.ts'
import { parseGoFloat, parseGoInt } from './go-syntax.ts'

/**
 * Reads an integer as Go's fmt.Sscanln does: blanks around it are fine, anything else behind it is not.
 * @throws StorageError 'usage' in Go's words
 */
export function scanInt(text: string): number {
  const token = takeToken(text, /^[+-]?(?:0[xX][\da-fA-F_]*|0[bB][01_]*|0[oO]?[0-7_]*|[1-9][\d_]*)/)
  if (token === '') throw badValue('expected integer')
  const value = parseGoInt(token)
  if (value === undefined) throw badSyntax('ParseInt', token)
  if (!Number.isSafeInteger(value)) throw badSyntax('ParseInt', token, 'value out of range')
  return value
}

/** The same for a number with decimals. */
export function scanFloat(text: string): number {
  const token = takeToken(text, /^[+-]?[\d_]*\.?[\d_]*(?:[eE][+-]?\d*)?/)
  const value = parseGoFloat(token)
  if (value === undefined) throw badSyntax('ParseFloat', token)
  if (!Number.isFinite(value)) throw badSyntax('ParseFloat', token, 'value out of range')
  return value
}

/** What of a text is the number; nothing where it does not begin with one. */
function takeToken(text: string, pattern: RegExp): string {
  const rest = text.replace(/^ +/, '')
  if (/^[+-]?$/.test(rest)) throw badValue('EOF')
  const token = pattern.exec(rest)?.[0] ?? ''
  if (/\d/.test(token) && !/^ *$/.test(rest.slice(token.length))) throw badValue('expected newline')
  return token
}
