import { Buffer } from 'node:buffer'
import { StorageError } from '../core/errors.ts'
import { nameFromBytes, nameToBytes } from '../core/names.ts'
import type { Time } from '../core/time.ts'
import { suffixed } from '../operations/name-suffix.ts'
import { formatLayout } from '../options/time-layout.ts'
import { badValue } from '../options/bad-value.ts'
import type { Encoder } from '../options/encoder.ts'
import { createEncoder } from '../options/encoder.ts'
import { encoding } from '../options/encoding.ts'
import { goQuote } from '../options/go-syntax.ts'
import { askProgram } from './ask-program.ts'
import { charmap } from './charmap.ts'
import { replaceExpression } from './expression.ts'
import { lowerCase, titleCase, upperCase } from './letter-case.ts'
import { truncateBytes, truncateCharacters } from './truncate.ts'

/** Makes one text of another. @throws StorageError 'invalid-name' */
export type Change = (text: string, signal: AbortSignal) => string | Promise<string>

interface Kind {
  readonly name: string
  /** It means nothing without a value. */
  readonly valued: boolean
  /** @throws StorageError 'usage' for a value that is none */
  make(value: string, now: Time): Change | Promise<Change>
}

/** What a name can be made into, under rclone's names and in its order (rclone's surface §1.4, convmv). */
export const kinds: readonly Kind[] = [
  plain('none', (text) => text),
  plain('nfc', (text) => text.normalize('NFC')),
  plain('nfd', (text) => text.normalize('NFD')),
  plain('nfkc', (text) => text.normalize('NFKC')),
  plain('nfkd', (text) => text.normalize('NFKD')),
  valued('replace', (value) => {
    const [from, to] = inTwo(value, ':', 'wrong number of values')
    return (text) => replaceAll(text, from, to)
  }),
  valued('prefix', (value) => (text) => value + text),
  valued('suffix', (value) => (text) => text + value),
  valued('suffix_keep_extension', (value) => (text) => suffixed(text, value, true)),
  valued('trimprefix', (value) => (text) => (text.startsWith(value) ? text.slice(value.length) : text)),
  valued('trimsuffix', (value) => (text) => (text.endsWith(value) ? text.slice(0, text.length - value.length) : text)),
  valued('index', () => {
    throw badValue('rclone lists this kind but does not implement it')
  }),
  valued('date', (value, now) => {
    const date = dated(value, now)
    return (text) => text + date
  }),
  valued('truncate', (value) => truncateCharacters(integer(value), false)),
  valued('truncate_keep_extension', (value) => truncateCharacters(integer(value), true)),
  valued('truncate_bytes', (value) => truncateBytes(integer(value), false)),
  valued('truncate_bytes_keep_extension', (value) => truncateBytes(integer(value), true)),
  plain('base64encode', base64Encode),
  plain('base64decode', base64Decode),
  valued('encoder', (value) => {
    const encoder = encoderOf(value)
    return (text) => encoder.encode(text)
  }),
  valued('decoder', (value) => {
    const encoder = encoderOf(value)
    return (text) => encoder.decode(text)
  }),
  plain('ISO-8859-1', charmap('ISO-8859-1')),
  plain('Windows-1252', charmap('Windows-1252')),
  plain('Macintosh', charmap('Macintosh')),
  { name: 'charmap', valued: false, make: charmap },
  plain('lowercase', lowerCase),
  plain('uppercase', upperCase),
  plain('titlecase', titleCase),
  plain('ascii', (text) => text.replace(/[^\0-\u007F]/gu, '')),
  plain('url', urlEncode),
  valued('regex', (value) => replaceExpression(...inTwo(value, '/', 'regex syntax error'))),
  valued('command', (value) => (text, signal) => askProgram(value, text, signal)),
]

function plain(name: string, change: Change): Kind {
  return { name, valued: false, make: () => change }
}

function valued(name: string, make: Kind['make']): Kind {
  return { name, valued: true, make }
}

function inTwo(value: string, separator: string, problem: string): readonly [string, string] {
  const [first, second, ...more] = value.split(separator)
  if (first === undefined || second === undefined || more.length > 0) throw badValue(`${problem}: ${value}`)
  return [first, second]
}

/** An empty `from` is found before, between and behind the characters. */
function replaceAll(text: string, from: string, to: string): string {
  if (from !== '') return text.split(from).join(to)
  return to + Array.from(text, (char) => char + to).join('')
}

/** The layout stands in braces, which go. */
function dated(value: string, now: Time): string {
  const [open, close] = [value.indexOf('{'), value.lastIndexOf('}')]
  if (open === -1 || close < open) return value
  const braced = value.slice(open, close + 1)
  return value.split(braced).join(formatLayout(now, braced.replace(/^[{}]+|[{}]+$/g, '')))
}

function integer(value: string): number {
  if (!/^[+-]?\d+$/.test(value)) throw badValue(`strconv.Atoi: parsing ${goQuote(value)}: invalid syntax`)
  return Number(value)
}

/** In the alphabet for URLs, which has no slash, with padding. */
function base64Encode(text: string): string {
  const encoded = nameToBytes(text).toString('base64url')
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=')
}

/** The Mac's own files stay as they are, as in rclone. */
function base64Decode(text: string): string {
  if (text === '.DS_Store') return text
  if (text.length % 4 !== 0 || !/^[\w-]*={0,2}$/.test(text))
    throw new StorageError('invalid-name', `not Base64 in the alphabet for URLs: ${text}`)
  return nameFromBytes(Buffer.from(text, 'base64url'))
}

function encoderOf(flags: string): Encoder {
  return createEncoder(['Zero', ...encoding.parse(flags)])
}

/** As a value in the query of a URL: blanks are `+`. */
function urlEncode(text: string): string {
  const bytes = Array.from(nameToBytes(text), (byte) => {
    const char = String.fromCharCode(byte)
    return /[\w.~-]/.test(char) ? char : char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return bytes.join('')
}
