import { badValue } from '../options/bad-value.ts'
import { goQuote } from '../options/go-syntax.ts'
import { codePages } from './code-pages.ts'

/** The code pages that `charmap` knows. */
export const charmaps: readonly string[] = Object.keys(codePages)

/**
 * Replaces by `_` every character that a code page does not have.
 * @param page one of {@link charmaps}, in any case
 * @throws StorageError 'usage' for another one
 */
export function charmap(page: string): (text: string) => string {
  const known = charmaps.find((name) => name.toLowerCase() === page.toLowerCase())
  if (known === undefined) throw badValue(`invalid choice ${goQuote(page)} from: ${charmaps.join(', ')}`)
  const has = rangesOf(codePages[known] ?? '')
  return (text) => Array.from(text, (char) => (isAscii(char) || has(char.codePointAt(0) ?? 0) ? char : '_')).join('')
}

function rangesOf(text: string): (code: number) => boolean {
  const ranges = text.split(' ').map((range) => range.split('-').map((code) => Number.parseInt(code, 16)))
  return (code) => ranges.some(([first = 0, last = first]) => code >= first && code <= last)
}

function isAscii(char: string): boolean {
  return char <= '\u007F'
}
