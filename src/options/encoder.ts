import { hasEscapedBytes, nameFromBytes, nameToBytes } from '../core/names.ts'

/** The groups of characters that can be replaced, under rclone's names (docs/protocol.md §5.3). */
export type EncodingFlag =
  | 'Zero'
  | 'Slash'
  | 'LtGt'
  | 'DoubleQuote'
  | 'Colon'
  | 'Question'
  | 'Asterisk'
  | 'Pipe'
  | 'Percent'
  | 'Del'
  | 'Ctl'
  | 'InvalidUtf8'
  | 'Dot'

/** Maps one name between the form people mean and the form a place can store. */
export interface Encoder {
  encode(name: string): string
  decode(stored: string): string
}

const quote = '\u201B'
const dot = '\uFF0E'
const wholeNames: readonly (readonly [real: string, stored: string])[] = [
  ['.', dot],
  ['..', dot + dot],
  [dot, quote + dot],
  [dot + dot, quote + dot + quote + dot],
]
const printable: Partial<Record<EncodingFlag, string>> = {
  Slash: '/',
  LtGt: '<>',
  DoubleQuote: '"',
  Colon: ':',
  Question: '?',
  Asterisk: '*',
  Pipe: '|',
  Percent: '%',
}

/**
 * An encoder that replaces the characters of `flags` by look-alikes and quotes look-alikes with U+201B (docs/protocol.md
 * §5.3; 'Zero' is NUL, which rclone has in every set). Bytes that are no UTF-8 are U+DC80–U+DCFF in the real name.
 */
export function createEncoder(flags: readonly EncodingFlag[]): Encoder {
  const toStored = replacements(flags)
  const toReal = new Map([...toStored].map(([real, stored]) => [stored, real]))
  const bytes = flags.includes('InvalidUtf8')
  const dots = flags.includes('Dot')
  const twins = classOf([...toReal.keys(), quote])
  const encodable = new RegExp(`[${classOf([...toStored.keys()])}${twins}${bytes ? '\\uDC80-\\uDCFF' : ''}]`, 'gu')
  const decodable = new RegExp(`${quote}(?:[${twins}]${bytes ? '|[0-9A-Fa-f]{2}' : ''})|[${twins}]`, 'gu')

  const encodeOne = (char: string): string => {
    const stored = toStored.get(char)
    if (stored !== undefined) return stored
    return isByte(char) ? quote + hex(char.charCodeAt(0) - 0xdc00) : quote + char
  }

  return {
    encode(name) {
      const whole = dots ? wholeNames.find(([real]) => real === name) : undefined
      if (whole) return whole[1]
      return (hasEscapedBytes(name) ? joinBytes(name) : name).replace(encodable, encodeOne)
    },
    decode(stored) {
      const whole = dots ? wholeNames.find((pair) => pair[1] === stored) : undefined
      if (whole) return whole[0]
      const name = stored.replace(decodable, (match) => {
        if (match.length === 3) return byteChar(Number.parseInt(match.slice(1), 16))
        return match.length === 2 ? match.slice(1) : (toReal.get(match) ?? match)
      })
      return hasEscapedBytes(name) ? joinBytes(name) : name
    },
  }
}

function replacements(flags: readonly EncodingFlag[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const char of flags.map((flag) => printable[flag] ?? '').join('')) {
    map.set(char, String.fromCharCode(char.charCodeAt(0) + 0xfee0))
  }
  if (flags.includes('Zero')) map.set('\0', '\u2400')
  if (flags.includes('Del')) map.set('\x7F', '\u2421')
  if (flags.includes('Ctl')) {
    for (let code = 1; code < 0x20; code++) map.set(String.fromCharCode(code), String.fromCharCode(0x2400 + code))
  }
  return map
}

function classOf(chars: readonly string[]): string {
  return chars.map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
}

/** Single bytes beside each other may be UTF-8 after all. */
function joinBytes(name: string): string {
  return nameFromBytes(nameToBytes(name))
}

function isByte(char: string): boolean {
  return char >= '\uDC80' && char <= '\uDCFF'
}

function byteChar(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
