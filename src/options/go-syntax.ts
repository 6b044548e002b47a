/**
 * Reads a number as Go's strconv.ParseFloat does: decimal, underscores between digits, an exponent; no blanks.
 * @returns undefined where `text` is no number, infinity where it is too large
 */
export function parseGoFloat(text: string): number | undefined {
  if (!/^[+-]?(\d[\d_]*\.?|\d[\d_]*\.\d[\d_]*|\.\d[\d_]*)([eE][+-]?\d+)?$/.test(text)) return undefined
  return /__|_\D|_$/.test(text) ? undefined : Number(text.replaceAll('_', ''))
}

/**
 * Reads an integer as Go's strconv.ParseInt with base 0 does: decimal, 0x, 0o, 0b, a leading 0 for octal, underscores.
 * @returns undefined where `text` is none
 */
export function parseGoInt(text: string): number | undefined {
  const match =
    /^([+-]?)(0[xX]_?[\da-fA-F][\da-fA-F_]*|0[oO]_?[0-7][0-7_]*|0[bB]_?[01][01_]*|0[0-7_]+|[1-9][\d_]*|0)$/.exec(text)
  if (!match || /__|_$/.test(text)) return undefined
  const digits = (match[2] ?? '').replaceAll('_', '')
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits)
  return match[1] === '-' && value !== 0 ? -value : value
}

/**
 * Reads a boolean as Go's strconv.ParseBool does.
 * @returns undefined where `text` is none
 */
export function parseGoBool(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** `text` in double quotes as Go's %q writes it: what cannot be seen is escaped, bytes that are no UTF-8 as \xNN. */
export function goQuote(text: string): string {
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escapeChar)}"`
}

function escapeChar(char: string): string {
  const short = escapes[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}
