import { StorageError } from '../core/errors.ts'
import { defaultSection, type Ini, type IniKey, type IniSection } from './ini.ts'

/**
 * Reads rclone's INI (docs: rclone's surface 7.1): BOM and CRLF accepted, sections of one name merged, later keys win,
 * comments kept with what stands below them.
 * @throws StorageError 'config', its message rclone's: `could not parse line: …`
 */
export function parseIni(text: string): Ini {
  const reader = createReader()
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) reader.line(trim(line))
  return reader.sections()
}

/** Writes INI as rclone does: `key = value`, an empty line after every section, comments above what they belong to. */
export function formatIni(ini: Ini): string {
  return ini.map((section, index) => formatSection(section, index === 0)).join('')
}

interface OpenSection {
  readonly name: string
  comment: readonly string[]
  readonly keys: Map<string, IniKey>
}

function createReader(): { line(line: string): void; sections(): Ini } {
  const sections = new Map<string, OpenSection>()
  let current = defaultSection
  let comment: string[] = []
  let counter = 1

  const enter = (name: string): OpenSection => {
    const section = sections.get(name) ?? { name, comment: [], keys: new Map<string, IniKey>() }
    sections.set(name, section)
    return section
  }
  const takeComment = (): readonly string[] => {
    const taken = comment
    comment = []
    return taken
  }
  const header = (line: string): void => {
    current = trim(line.slice(1, -1))
    counter = 1
    if (current === '') return
    const section = enter(current)
    if (comment.length > 0) section.comment = takeComment()
  }
  const assignment = (line: string): void => {
    if (current === '') throw new StorageError('config', 'empty section name not allowed')
    const { key, value } = parseAssignment(line)
    const name = key === '-' ? `#${counter++}` : key
    if (name === '') return
    const { keys } = enter(current)
    keys.set(name, { name, value, comment: comment.length > 0 ? takeComment() : (keys.get(name)?.comment ?? []) })
  }

  return {
    line(line) {
      if (line === '') return
      if (line.startsWith('#') || line.startsWith(';')) comment.push(line)
      else if (line.startsWith('[') && line.endsWith(']') && line.length > 1) header(line)
      else assignment(line)
    },
    sections: () => [...sections.values()].map((section) => ({ ...section, keys: [...section.keys.values()] })),
  }
}

function parseAssignment(line: string): { readonly key: string; readonly value: string } {
  const quote = /^(?:"""(?=.{3})|"|`)/.exec(line)?.[0]
  if (quote === undefined) {
    const at = line.search(/[=:]/)
    if (at <= 0) throw unparsable(line)
    return { key: trim(line.slice(0, at)), value: parseValue(line, at + 1) }
  }
  const end = line.indexOf(quote, quote.length)
  const at = end === -1 ? -1 : line.slice(end).search(/[=:]/)
  if (at === -1) throw unparsable(line)
  return { key: line.slice(quote.length, end), value: parseValue(line, end + at + 1) }
}

/** Backquotes around a value (or three double quotes) go, simple double quotes stay. */
function parseValue(line: string, from: number): string {
  const text = trim(line.slice(from))
  const quote = text.length >= 6 && text.startsWith('"""') ? '"""' : text.length >= 2 && text.startsWith('`') ? '`' : ''
  if (quote === '') return text
  const end = text.lastIndexOf(quote)
  if (end < quote.length) throw unparsable(line)
  return text.slice(quote.length, end)
}

/** rclone shows the whole line; what may be a value, and so a secret, is cut off here. */
function unparsable(line: string): StorageError {
  const shown = /^[^=:]{0,40}/.exec(line)?.[0] ?? ''
  return new StorageError('config', `could not parse line: ${shown}${shown === line ? '' : '…'}`)
}

function formatSection(section: IniSection, first: boolean): string {
  const header = section.name === defaultSection && first ? [] : [`[${section.name}]`]
  const keys = section.keys.flatMap((key) => [...key.comment, `${formatKey(key.name)} = ${formatValue(key.value)}`])
  return [...section.comment, ...header, ...keys, ''].map((line) => `${line}\n`).join('')
}

function formatKey(name: string): string {
  if (/^#\d+$/.test(name)) return '-'
  if (!/[=:]|^["`#;[]/.test(name) && trim(name) === name) return name
  return name.includes('`') ? `"${name}"` : `\`${name}\``
}

function formatValue(value: string): string {
  const altered = trim(value) !== value || value.startsWith('`') || value.startsWith('"""')
  return altered ? `\`${value}\`` : value
}

// What Go trims: JavaScript's \s has U+FEFF too and lacks U+0085.
const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const edges = new RegExp(`^${space}|${space}$`, 'g')

function trim(text: string): string {
  return text.replace(edges, '')
}
