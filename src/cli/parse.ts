import { StorageError } from '../core/errors.ts'
import { readFlag } from '../options/resolve.ts'
import { standsAlone } from './flags.ts'
import type { Flag, FlagTable, Scope } from './flags.ts'

/** What a command line says, command words taken out. */
export interface ParsedLine {
  /** Words that are no flags. */
  readonly args: readonly string[]
  /** The texts given, by scope and option key; of options that are no lists only the last one. */
  readonly given: ReadonlyMap<Scope, ReadonlyMap<string, readonly string[]>>
}

/**
 * Reads flags in the grammar of rclone (pflag's; rclone's surface 1.1, "Command line grammar").
 * @throws StorageError 'usage': an unknown flag, a missing or a bad value
 */
export function parseFlags(argv: readonly string[], table: FlagTable): ParsedLine {
  const args: string[] = []
  const given = new Map<Scope, Map<string, readonly string[]>>()
  const words = [...argv]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      args.push(...words)
      break
    }
    if (word.startsWith('--')) readLong(word, words, { table, given })
    else if (word.startsWith('-') && word.length > 1) readShorts(word.slice(1), words, { table, given })
    else args.push(word)
  }
  return { args, given }
}

interface Reading {
  readonly table: FlagTable
  readonly given: Map<Scope, Map<string, readonly string[]>>
}

function readLong(word: string, words: string[], { table, given }: Reading): void {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals === -1 ? undefined : equals)
  if (name === '' || name.startsWith('-')) throw refused(`bad flag syntax: ${word}`)
  const flag = table.long.get(name)
  if (!flag) throw refused(`unknown flag: --${name}`)
  if (equals !== -1) return record(given, flag, word.slice(equals + 1))
  if (standsAlone(flag)) return record(given, flag, undefined)
  const value = words.shift()
  if (value === undefined) throw refused(`flag needs an argument: ${word}`)
  record(given, flag, value)
}

/** Letters behind one dash: flags that stand alone, then perhaps one with its value glued, behind `=` or in the next word. */
function readShorts(letters: string, words: string[], { table, given }: Reading): void {
  for (let rest = letters; rest !== '';) {
    const letter = rest.charAt(0)
    const flag = table.short.get(letter)
    if (!flag) throw refused(`unknown shorthand flag: '${letter}' in -${rest}`)
    if (rest.length > 2 && rest[1] === '=') return record(given, flag, rest.slice(2))
    if (!standsAlone(flag)) {
      const value = rest.length > 1 ? rest.slice(1) : words.shift()
      if (value === undefined) throw refused(`flag needs an argument: '${letter}' in -${rest}`)
      return record(given, flag, value)
    }
    record(given, flag, undefined)
    rest = rest.slice(1)
  }
}

/** @param text undefined where the flag stands alone */
function record(given: Reading['given'], flag: Flag, text: string | undefined): void {
  const values = given.get(flag.scope) ?? new Map<string, readonly string[]>()
  given.set(flag.scope, values)
  const before = values.get(flag.key) ?? []
  if (text === undefined) {
    const counted = flag.option.type.flag === 'count' ? String(Number(before[0] ?? 0) + 1) : 'true'
    values.set(flag.key, [counted])
    return
  }
  const value = readFlag(flag.name, flag.option, text, flag.scope === 'command' ? 'command' : 'global')
  if (flag.option.type.flag === 'list') values.set(flag.key, [...before, text])
  else values.set(flag.key, [flag.option.type.flag === 'count' ? String(value) : text])
}

function refused(message: string): StorageError {
  return new StorageError('usage', message)
}
