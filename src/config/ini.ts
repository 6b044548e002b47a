import { StorageError } from '../core/errors.ts'

/** One `key = value`; `value` is as stored, its `%(other)s` not replaced. */
export interface IniKey {
  readonly name: string
  readonly value: string
  /** The comment lines directly above, with their `#` or `;`. */
  readonly comment: readonly string[]
}

export interface IniSection {
  readonly name: string
  readonly comment: readonly string[]
  readonly keys: readonly IniKey[]
}

/** A config file's content, in order. Keys before the first header are in the section {@link defaultSection}. */
export type Ini = readonly IniSection[]

/** Where keys before the first header go. */
export const defaultSection = 'DEFAULT'

/** The section of that name; names are case-sensitive. */
export function findSection(ini: Ini, name: string): IniSection | undefined {
  return ini.find((section) => section.name === name)
}

/** The stored value of one key. */
export function rawValue(section: IniSection | undefined, key: string): string | undefined {
  return section?.keys.find(({ name }) => name === key)?.value
}

/**
 * The values of a section with `%(other)s` replaced by the key `other` of the default section or of this one; unknown
 * ones by nothing, a chain without end 200 times (docs: rclone's surface 7.1).
 */
export function expandedValues(ini: Ini, section: IniSection): Readonly<Record<string, string>> {
  const own = recordOf(section)
  const defaults = recordOf(findSection(ini, defaultSection))
  const lookup = (key: string): string => defaults[key] ?? own[key] ?? ''
  return Object.fromEntries(section.keys.map(({ name, value }) => [name, expand(value, lookup)]))
}

/**
 * Sets keys of a section, which is made at the end where it is missing; a key that exists keeps its place and comment.
 * @throws StorageError 'invalid-argument' where a name or value cannot be written on one line
 */
export function setKeys(ini: Ini, name: string, values: Readonly<Record<string, string>>): Ini {
  for (const [key, value] of Object.entries(values)) requireWritable(key, value)
  const old = findSection(ini, name) ?? { name, comment: [], keys: [] }
  const kept = old.keys.map((key) => ({ ...key, value: ownValue(values, key.name) ?? key.value }))
  const added = Object.entries(values)
    .filter(([key]) => rawValue(old, key) === undefined)
    .map(([key, value]) => ({ name: key, value, comment: [] }))
  return withSection(ini, { ...old, keys: [...kept, ...added] })
}

/** Removes keys of a section; what is not there is fine. */
export function removeKeys(ini: Ini, name: string, keys: readonly string[]): Ini {
  return ini.map((section) =>
    section.name === name ? { ...section, keys: section.keys.filter((key) => !keys.includes(key.name)) } : section,
  )
}

/** Removes a section; an unknown one is fine. */
export function removeSection(ini: Ini, name: string): Ini {
  return ini.filter((section) => section.name !== name)
}

/** Empties a section but for its comment, and puts it last; makes it where it is missing. */
export function clearSection(ini: Ini, name: string): Ini {
  return [...removeSection(ini, name), { name, comment: findSection(ini, name)?.comment ?? [], keys: [] }]
}

function withSection(ini: Ini, section: IniSection): Ini {
  if (!findSection(ini, section.name)) return [...ini, section]
  return ini.map((old) => (old.name === section.name ? section : old))
}

function recordOf(section: IniSection | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(section?.keys.map(({ name, value }) => [name, value]) ?? [])
}

function ownValue(values: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

const maxDepth = 200

function expand(value: string, lookup: (key: string) => string): string {
  let text = value
  for (let depth = 0; depth < maxDepth; depth++) {
    const match = /%\(([^)]+)\)s/.exec(text)
    if (!match) return text
    text = text.replaceAll(match[0], () => lookup(match[1] ?? ''))
    if (text.length > 1 << 20) return ''
  }
  return text
}

function requireWritable(key: string, value: string): void {
  const quotable = !(key.includes('"') && key.includes('`'))
  if (key !== '' && quotable && !/[\r\n]/.test(key + value)) return
  throw new StorageError('invalid-argument', `the config key "${key.slice(0, 40)}" cannot be stored`, {
    details: {
      operation: 'set',
      hint: 'Key and value must each be one line, and a key cannot have both kinds of quotes.',
    },
  })
}
