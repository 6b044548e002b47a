import { hasEscapedBytes, nameFromBytes, nameToBytes } from '../core/names.ts'
import type { EncodingFlag } from './encoding.ts'

/** Maps one name between the form people mean and the form a place can store. */
export interface Encoder {
  encode(name: string): string
  decode(stored: string): string
}

/** 'Zero' is NUL, which rclone has in every set. */
export type ReplacedFlag = EncodingFlag | 'Zero'

interface Replacements {
  /** Real character → what it is stored as. */
  readonly anywhere: ReadonlyMap<string, string>
  readonly first: ReadonlyMap<string, string>
  readonly last: ReadonlyMap<string, string>
}

const quote = '\u201B'
const dot = '\uFF0E'
const wholeNames: readonly (readonly [real: string, stored: string])[] = [
  ['.', dot],
  ['..', dot + dot],
  [dot, quote + dot],
  [dot + dot, quote + dot + quote + dot],
]
const characters: Partial<Record<ReplacedFlag, string>> = {
  Zero: '\0',
  Slash: '/',
  LtGt: '<>',
  DoubleQuote: '"',
  SingleQuote: "'",
  BackQuote: '`',
  Dollar: '$',
  Colon: ':',
  Question: '?',
  Asterisk: '*',
  Pipe: '|',
  Hash: '#',
  Percent: '%',
  BackSlash: '\\',
  CrLf: '\r\n',
  Del: '\x7F',
  Ctl: Array.from({ length: 0x1f }, (_, i) => String.fromCharCode(i + 1)).join(''),
  SquareBracket: '[]',
  Semicolon: ';',
  Exclamation: '!',
}
const firstCharacters: Partial<Record<ReplacedFlag, string>> = {
  LeftSpace: ' ',
  LeftPeriod: '.',
  LeftTilde: '~',
  LeftCrLfHtVt: '\t\n\v\r',
}
const lastCharacters: Partial<Record<ReplacedFlag, string>> = {
  RightSpace: ' ',
  RightPeriod: '.',
  RightCrLfHtVt: '\t\n\v\r',
}

/**
 * An encoder that replaces the characters of `flags` by look-alikes and quotes look-alikes with U+201B (docs/protocol.md
 * §5.3, surface §2.2). Bytes that are no UTF-8 are U+DC80–U+DCFF in the real name.
 */
export function createEncoder(flags: readonly ReplacedFlag[]): Encoder {
  if (flags.includes('Raw')) return { encode: (name) => name, decode: (stored) => stored }
  const to: Replacements = {
    anywhere: replacements(flags, characters),
    first: replacements(flags, firstCharacters),
    last: replacements(flags, lastCharacters),
  }
  const encodeRest = restEncoder(to, flags.includes('InvalidUtf8'))
  const decodeRest = restDecoder(to, flags.includes('InvalidUtf8'))
  const wholes = flags.includes('Dot') ? [...wholeNames, ...mistakable(encodeRest)] : []
  return {
    encode(name) {
      const whole = wholes.find(([real]) => real === name)
      return whole ? whole[1] : encodeRest(hasEscapedBytes(name) ? joinBytes(name) : name)
    },
    decode(stored) {
      const whole = wholes.find((pair) => pair[1] === stored)
      if (whole) return whole[0]
      const name = decodeRest(stored)
      return hasEscapedBytes(name) ? joinBytes(name) : name
    },
  }
}

/** Names that would be stored as `..` is, where a dot at one end alone is replaced; quoted, they are stored as no other name. */
function mistakable(encode: (name: string) => string): typeof wholeNames {
  const names = [`${dot}.`, `.${dot}`].filter((name) => encode(name) === dot + dot)
  return names.map((name) => [name, quote + dot + dot])
}

function restEncoder(to: Replacements, bytes: boolean): (name: string) => string {
  const twins = { anywhere: new Set([...to.anywhere.values(), quote]), first: values(to.first), last: values(to.last) }
  const special = classOf([
    ...to.anywhere.keys(),
    ...to.first.keys(),
    ...to.last.keys(),
    ...twins.anywhere,
    ...twins.first,
    ...twins.last,
  ])
  const pattern = new RegExp(`[${special}${bytes ? '\\uDC80-\\uDCFF' : ''}]`, 'gu')
  return (name) =>
    name.replace(pattern, (char, at: number) => {
      const [isFirst, isLast] = [at === 0, at + char.length === name.length]
      const stored =
        to.anywhere.get(char) ?? (isFirst ? to.first.get(char) : undefined) ?? (isLast ? to.last.get(char) : undefined)
      if (stored !== undefined) return stored
      if (isByte(char)) return quote + hex(char.charCodeAt(0) - 0xdc00)
      const isTwin = twins.anywhere.has(char) || (isFirst && twins.first.has(char)) || (isLast && twins.last.has(char))
      return isTwin ? quote + char : char
    })
}

function restDecoder(to: Replacements, bytes: boolean): (stored: string) => string {
  const real = { anywhere: reversed(to.anywhere), first: reversed(to.first), last: reversed(to.last) }
  const twins = classOf([...real.anywhere.keys(), ...real.first.keys(), ...real.last.keys()])
  const quoted = `${quote}(?:[${twins}${quote}]${bytes ? '|[0-9A-Fa-f]{2}' : ''})`
  const pattern = new RegExp(twins === '' ? quoted : `${quoted}|[${twins}]`, 'gu')
  return (stored) =>
    stored.replace(pattern, (match, at: number) => {
      if (match.length === 3) return byteChar(Number.parseInt(match.slice(1), 16))
      const [isFirst, isLast] = [at === 0, at + match.length === stored.length]
      const char = match.at(-1) ?? ''
      const meant =
        real.anywhere.get(char) ??
        (isFirst ? real.first.get(char) : undefined) ??
        (isLast ? real.last.get(char) : undefined)
      if (match.length === 1) return meant ?? match
      return char === quote || meant !== undefined ? char : match
    })
}

function replacements(
  flags: readonly ReplacedFlag[],
  table: Partial<Record<ReplacedFlag, string>>,
): ReadonlyMap<string, string> {
  const chars = flags.flatMap((flag) => Array.from(table[flag] ?? ''))
  return new Map(chars.map((char) => [char, twinOf(char)]))
}

/** Fullwidth forms for what can be printed, the pictures of control characters for the rest. */
function twinOf(char: string): string {
  const code = char.charCodeAt(0)
  if (code === 0x7f) return '\u2421'
  return String.fromCharCode(code <= 0x20 ? 0x2400 + code : code + 0xfee0)
}

function reversed(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([real, stored]) => [stored, real]))
}

function values(map: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set(map.values())
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
