import { globalOptions } from '../options/common.ts'
import { findCommand } from './find-command.ts'
import { backendFlags, flagsOf, flagTable, ownFlags, standsAlone } from './flags.ts'
import type { Flag } from './flags.ts'
import type { Vocabulary } from './select.ts'

/** What a word may become. */
export interface Candidate {
  readonly text: string
  readonly help: string
}

/**
 * What the last of `words` may become: commands, flags, or the values of a flag that has only so many. Nothing where a file or
 * a remote belongs, which the shell is left to complete.
 * @param words what was typed behind the program, the last one perhaps empty
 */
export async function complete(words: readonly string[], vocabulary: Vocabulary): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (before.includes('--')) return []
  const flags = await allFlags(before, vocabulary)
  const table = flagTable(flags)
  const last = before.at(-1) ?? ''
  const flag = last.startsWith('--') ? table.long.get(last.slice(2)) : table.short.get(last.slice(1))
  if (last.startsWith('-') && flag && !standsAlone(flag)) return valuesOf(flag, typed)
  if (typed.startsWith('-')) return beginning(typed, [...new Set(flags)].map(flagCandidate))
  return beginning(typed, nextWords(findCommand(before, table, new Set()).words, vocabulary))
}

/** A line a candidate, which the scripts of all shells read. */
export function completionLines(candidates: readonly Candidate[]): string {
  return candidates.map(({ text, help }) => `${text}\t${help}\n`).join('')
}

async function allFlags(before: readonly string[], { commands, backends }: Vocabulary): Promise<readonly Flag[]> {
  const globals = [...ownFlags(false), ...flagsOf('global', globalOptions)]
  const { name } = findCommand(before, flagTable(globals), new Set(commands.map((entry) => entry.name)))
  const command = await commands.find((entry) => entry.name === name)?.load()
  const definitions = await Promise.all(backends.map((entry) => entry.load()))
  const own = command ? flagsOf('command', command.options) : []
  return [...own, ...globals, ...definitions.flatMap(backendFlags)].filter(({ option }) => option.hidden !== true)
}

function flagCandidate({ name, option }: Flag): Candidate {
  return { text: `--${name}`, help: option.help }
}

function valuesOf({ option }: Flag, typed: string): readonly Candidate[] {
  const choices = option.type.choices ?? []
  return beginning(
    typed,
    choices.map((text) => ({ text, help: option.help })),
  )
}

/** The next word of every command that begins with the words so far; of one that needs no more there is none. */
function nextWords(words: readonly string[], { commands }: Vocabulary): readonly Candidate[] {
  const known = [...commands, { name: 'help', summary: 'Show help' }]
  const found = new Map<string, Candidate>()
  for (const { name, summary } of known) {
    const parts = name.split(' ')
    const next = parts[words.length]
    if (next === undefined || !words.every((word, i) => word === parts[i]) || found.has(next)) continue
    found.set(next, { text: next, help: parts.length > words.length + 1 ? '' : summary })
  }
  return [...found.values()]
}

function beginning(typed: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const fitting = candidates.filter(({ text }) => text.startsWith(typed))
  return [...new Map(fitting.map((candidate) => [candidate.text, candidate])).values()]
}
