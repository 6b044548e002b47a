import { StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import { asGoReads } from './invalid-bytes.ts'

/** A pattern as the regular expression that rclone makes of it. */
export interface GlobExpression {
  /** The pattern without the slash that anchors it, for messages. */
  readonly glob: string
  /** In RE2's syntax, letter for letter what rclone has: rules are told apart by it, and `--dump filters` shows it. */
  readonly source: string
  /**
   * Whether it is made of few stars and braces, question marks and plain characters: then JavaScript's RegExp means the
   * same by it, and needs no long time for any path.
   */
  readonly simple: boolean
}

/**
 * The regular expression of a pattern (rclone's surface §4.2).
 * @throws StorageError 'config' where brackets or braces do not fit, or stars are too many
 */
export function globExpression(glob: string, o: { readonly ignoreCase?: boolean } = {}): GlobExpression {
  const anchored = glob.startsWith('/')
  const start = `${o.ignoreCase === true ? '(?i)' : ''}${anchored ? '^' : '(^|/)'}`
  const scan: Scan = { glob: anchored ? glob.slice(1) : glob, at: 0, braces: 0, choices: 0, simple: true }
  let body = ''
  while (scan.at < scan.glob.length) body += next(scan)
  if (scan.braces > 0) throw mismatched(scan.glob, `'{' and '}'`)
  return {
    glob: scan.glob,
    source: `${start}${asGoReads(body)}$`,
    simple: scan.simple && scan.choices <= fewChoices,
  }
}

/** RegExp may try all combinations of them, which stays cheap up to here on the longest and most repetitive path. */
const fewChoices = 2

interface Scan {
  /** Without the slash that anchors it. */
  readonly glob: string
  at: number
  /** Open ones. */
  braces: number
  /** Places where a match can go more than one way; `**` counts twice, because it also begins anywhere. */
  choices: number
  simple: boolean
}

function next(scan: Scan): string {
  const { glob, at } = scan
  if (glob.startsWith('{{', at)) return rawExpression(scan)
  const char = glob.charAt(at)
  if (char === '*') return star(scan)
  if (char === '[') return bracket(scan)
  if (char === '\\') return escaped(scan)
  scan.at++
  if (char === '{' || char === '}') return brace(scan, char)
  if (char === ']') throw mismatched(glob, `']'`)
  if (char === ',' && scan.braces > 0) return '|'
  if (char === '?') return '[^/]'
  return '.+()|^$'.includes(char) ? `\\${char}` : char
}

function star(scan: Scan): string {
  const count = /^\*+/.exec(scan.glob.slice(scan.at))?.[0].length ?? 0
  if (count > 2) throw new StorageError('config', `too many stars in ${goQuote(scan.glob)}`)
  scan.at += count
  scan.choices += count
  return count === 1 ? '[^/]*' : '.*'
}

/** Copied up to the bracket that closes the first one: nested ones are counted, a backslash does not escape one. */
function bracket(scan: Scan): string {
  const start = scan.at
  scan.simple = false
  let open = 0
  for (; scan.at < scan.glob.length; scan.at++) {
    const char = scan.glob.charAt(scan.at)
    if (char === '[') open++
    if (char === ']' && --open === 0) return scan.glob.slice(start, ++scan.at)
  }
  throw mismatched(scan.glob, `'[' and ']'`)
}

/** What JavaScript takes behind a backslash is less than what RE2 takes. */
function escaped(scan: Scan): string {
  const [char = ''] = scan.glob.slice(scan.at + 1, scan.at + 3)
  const sequence = `\\${char}`
  scan.simple &&= /^\\[\^$\\.*+?()[\]{}|/]$/.test(sequence)
  scan.at += sequence.length
  return sequence
}

function brace(scan: Scan, char: '{' | '}'): string {
  if (char === '{') {
    scan.braces++
    scan.choices++
    return '('
  }
  if (scan.braces-- === 0) throw mismatched(scan.glob, `'{' and '}'`)
  return ')'
}

/** `{{…}}`; of more than two closing braces the last two are its own. */
function rawExpression(scan: Scan): string {
  const inner = /^\{\{([^]*?\}*)\}\}/.exec(scan.glob.slice(scan.at))?.[1]
  if (inner === undefined) throw mismatched(scan.glob, scan.braces > 0 ? `'{' and '}'` : `'{{' and '}}'`)
  scan.simple = false
  scan.at += inner.length + 4
  return `(${inner})`
}

function mismatched(glob: string, what: string): StorageError {
  return new StorageError('config', `mismatched ${what} in glob ${goQuote(glob)}`)
}
