import { standsAlone } from './flags.ts'
import type { FlagTable } from './flags.ts'

/** Which command a line names. */
export interface FoundCommand {
  /** As in the table: 'ls', 'config create'; undefined where no word of the line names one. */
  readonly name: string | undefined
  /** The line without the words of the command's name. */
  readonly rest: readonly string[]
  /** The words that could have been a command, in order. */
  readonly words: readonly string[]
  /** A flag before the first word is not in the table, so that its value may have been taken for the command. */
  readonly unsure: boolean
}

/**
 * Finds the command: the words that are neither flags nor their values are compared with the names, the longest name wins.
 * An unknown flag without `=` swallows the word behind it, as in rclone (rclone's surface 1.1, "Trap").
 */
export function findCommand(argv: readonly string[], table: FlagTable, names: ReadonlySet<string>): FoundCommand {
  const { places, unsure } = wordPlaces(argv, table)
  const words = places.map((at) => argv[at] ?? '')
  const lengths = [3, 2, 1].filter((length) => length <= words.length)
  const length = lengths.find((count) => names.has(words.slice(0, count).join(' ')))
  if (length === undefined) return { name: undefined, rest: argv, words, unsure }
  const taken = new Set(places.slice(0, length))
  return { name: words.slice(0, length).join(' '), rest: argv.filter((_, at) => !taken.has(at)), words, unsure }
}

function wordPlaces(
  argv: readonly string[],
  table: FlagTable,
): { readonly places: number[]; readonly unsure: boolean } {
  const places: number[] = []
  let unsure = false
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') break
    if (!word.startsWith('-')) {
      if (word !== '') places.push(at)
      continue
    }
    if (word.includes('=') || (!word.startsWith('--') && word.length !== 2)) continue
    const flag = word.startsWith('--') ? table.long.get(word.slice(2)) : table.short.get(word.slice(1))
    if (!flag && places.length === 0) unsure = true
    if (!flag || !standsAlone(flag)) at++
  }
  return { places, unsure }
}
