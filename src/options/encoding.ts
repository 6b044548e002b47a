import { badValue, parseAs } from './bad-value.ts'
import { goQuote } from './go-syntax.ts'
import type { OptionType } from './option.ts'

/** The groups of characters that a place cannot store, under rclone's names and in the order of its bits, the lowest first (surface §2.2). */
export const encodingFlags = [
  'Raw',
  'Slash',
  'LtGt',
  'DoubleQuote',
  'SingleQuote',
  'BackQuote',
  'Dollar',
  'Colon',
  'Question',
  'Asterisk',
  'Pipe',
  'Hash',
  'Percent',
  'BackSlash',
  'CrLf',
  'Del',
  'Ctl',
  'LeftSpace',
  'LeftPeriod',
  'LeftTilde',
  'LeftCrLfHtVt',
  'RightSpace',
  'RightPeriod',
  'RightCrLfHtVt',
  'InvalidUtf8',
  'Dot',
  'SquareBracket',
  'Semicolon',
  'Exclamation',
] as const

/** One such group; 'Raw' stands for replacing nothing at all. */
export type EncodingFlag = (typeof encodingFlags)[number]

/** Which characters are replaced: names of groups joined by commas, 'None', or numbers whose bits are groups. */
export const encoding: OptionType<readonly EncodingFlag[]> = {
  name: 'encoder.MultiEncoder',
  label: 'Encoding',
  flag: 'value',
  parse: (text) => parseAs('encoder.MultiEncoder', text, () => flagsIn(text)),
  format: (flags) => (flags.length === 0 ? 'None' : inOrder(flags).join(',')),
}

function flagsIn(text: string): readonly EncodingFlag[] {
  return inOrder(text.split(',').flatMap((part) => flagsOf(part.trim())))
}

function flagsOf(part: string): readonly EncodingFlag[] {
  if (part === 'None') return []
  const named = encodingFlags.find((flag) => flag === part)
  if (named !== undefined) return [named]
  if (!/^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.test(part)) {
    const names = ['None', ...encodingFlags].toSorted()
    throw badValue(`bad encoding ${goQuote(part)}: possible values are: ${names.join(', ')}`)
  }
  const bits = BigInt(/^0[0-7]+$/.test(part) ? `0o${part.slice(1)}` : part)
  return encodingFlags.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
}

function inOrder(flags: readonly EncodingFlag[]): readonly EncodingFlag[] {
  return encodingFlags.filter((flag) => flags.includes(flag))
}
