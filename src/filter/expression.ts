import { messageOf, StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { GlobExpression } from './glob.ts'

/** Whether the expression is found in a text. */
export type Matches = (text: string) => boolean

/**
 * Makes an expression ready to be run: a simple one as a RegExp; one with RE2's own syntax, or with so many stars that
 * RegExp could try for ever, on an engine that reads the text once.
 * @throws StorageError 'config' in Go's words, where it is none
 */
export async function compileExpression({ glob, source, simple }: GlobExpression): Promise<Matches> {
  if (simple) {
    const regExp = toRegExp(source)
    return (text) => regExp.test(text)
  }
  const { RE2JS } = await import('re2js')
  try {
    const re2 = RE2JS.compile(source)
    return (text) => re2.test(text)
  } catch (error) {
    const message = `bad glob pattern ${goQuote(glob)} (regexp ${goQuote(source)}): ${messageOf(error)}`
    throw new StorageError('config', message, { cause: error })
  }
}

/** RE2's dot is anything but a line feed; JavaScript's leaves out three more. */
function toRegExp(source: string): RegExp {
  const sensitive = source.replace(/^\(\?i\)/, '')
  const pattern = sensitive.replaceAll('.*', String.raw`[^\n]*`)
  return new RegExp(pattern, sensitive === source ? 'u' : 'iu')
}
