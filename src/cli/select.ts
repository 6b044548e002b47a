import { isStorageError, StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import { globalOptions } from '../options/common.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import type { Command, CommandEntry } from './command.ts'
import { backendFlags, flagsOf, flagTable, ownFlags } from './flags.ts'
import type { Flag } from './flags.ts'
import { findCommand } from './find-command.ts'
import { parseFlags } from './parse.ts'
import type { ParsedLine } from './parse.ts'
import { suggestions } from './suggest.ts'

/** A kind of remote that is loaded when it is needed. */
export interface BackendEntry {
  readonly type: string
  readonly summary: string
  load(): Promise<RemoteDefinition>
}

/** What can be typed. */
export interface Vocabulary {
  readonly commands: readonly CommandEntry[]
  readonly backends: readonly BackendEntry[]
}

/** What a command line asks for. */
export type Selection =
  | { readonly kind: 'run'; readonly command: Command; readonly line: ParsedLine }
  /** `help …`: its arguments and flags, unread. */
  | { readonly kind: 'help'; readonly argv: readonly string[] }
  | { readonly kind: 'command-help'; readonly command: Command }
  | { readonly kind: 'root-help' }
  | { readonly kind: 'version' }
  /** Nothing to do was typed. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown-command'; readonly message: string }
  | { readonly kind: 'refused'; readonly error: StorageError; readonly command: Command | undefined }
  /** Too few or too many arguments. */
  | { readonly kind: 'wrong-count'; readonly message: string; readonly command: Command }

/** Reads a command line; kinds of remotes are loaded only where a flag is not known without them. */
export async function select(argv: readonly string[], vocabulary: Vocabulary): Promise<Selection> {
  const { commands } = vocabulary
  const names = new Set(['help', ...commands.map(({ name }) => name)])
  const forAll = flagsOf('global', globalOptions)
  const globals = [...ownFlags(true), ...forAll]
  let found = findCommand(argv, flagTable(globals), names)
  if (found.unsure) found = findCommand(argv, flagTable([...globals, ...(await allBackendFlags(vocabulary))]), names)
  if (found.name === 'help') return { kind: 'help', argv: found.rest }
  const entry = commands.find(({ name }) => name === found.name)
  if (entry) return await selectCommand(await entry.load(), { argv: found.rest, forAll }, vocabulary)
  if (found.words.length > 0) return { kind: 'unknown-command', message: unknownCommand(found.words, names) }
  return await selectRoot(argv, globals, vocabulary)
}

async function selectCommand(
  command: Command,
  { argv, forAll }: { readonly argv: readonly string[]; readonly forAll: readonly Flag[] },
  vocabulary: Vocabulary,
): Promise<Selection> {
  const flags = [...flagsOf('command', command.options), ...ownFlags(false), ...forAll]
  const line = await parseWithBackends(argv, flags, vocabulary)
  if (line instanceof StorageError) return { kind: 'refused', error: line, command }
  if (isGiven(line, 'help')) return { kind: 'command-help', command }
  const message = wrongCount(command, line.args)
  return message === undefined ? { kind: 'run', command, line } : { kind: 'wrong-count', message, command }
}

async function selectRoot(argv: readonly string[], flags: readonly Flag[], vocabulary: Vocabulary): Promise<Selection> {
  const line = await parseWithBackends(argv, flags, vocabulary)
  if (line instanceof StorageError) return { kind: 'refused', error: line, command: undefined }
  if (isGiven(line, 'help')) return { kind: 'root-help' }
  return { kind: isGiven(line, 'version') ? 'version' : 'nothing' }
}

/** A flag that is not known may be one of a remote: only then are they loaded. */
async function parseWithBackends(
  argv: readonly string[],
  flags: readonly Flag[],
  vocabulary: Vocabulary,
): Promise<ParsedLine | StorageError> {
  const quick = tryParse(argv, flags)
  return quick instanceof StorageError ? tryParse(argv, [...flags, ...(await allBackendFlags(vocabulary))]) : quick
}

function tryParse(argv: readonly string[], flags: readonly Flag[]): ParsedLine | StorageError {
  try {
    return parseFlags(argv, flagTable(flags))
  } catch (error) {
    if (isStorageError(error, 'usage')) return error
    throw error
  }
}

async function allBackendFlags({ backends }: Vocabulary): Promise<readonly Flag[]> {
  const definitions = await Promise.all(backends.map((entry) => entry.load()))
  return definitions.flatMap(backendFlags)
}

function isGiven(line: ParsedLine, flag: 'help' | 'version'): boolean {
  return /^(1|t|true)$/i.test(line.given.get('own')?.get(flag)?.[0] ?? '')
}

function unknownCommand(words: readonly string[], names: ReadonlySet<string>): string {
  const [first = '', second] = words
  const below = [...names].flatMap((name) => (name.startsWith(`${first} `) ? name.slice(first.length + 1) : []))
  if (below.length === 0)
    return unknown(
      first,
      'fjord',
      [...names].map((name) => name.split(' ')[0] ?? name),
    )
  if (second !== undefined) return unknown(second, `fjord ${first}`, below)
  return `the command ${goQuote(first)} needs one of these words behind it: ${below.join(', ')}`
}

function unknown(typed: string, parent: string, siblings: readonly string[]): string {
  const meant = suggestions(typed, siblings)
  const list = meant.length === 0 ? '' : `\n\nDid you mean this?\n${meant.map((name) => `\t${name}\n`).join('')}`
  return `unknown command ${goQuote(typed)} for ${goQuote(parent)}${list}`
}

function wrongCount({ name, args: { min, max } }: Command, args: readonly string[]): string | undefined {
  const leaf = name.split(' ').at(-1) ?? name
  const given = `you provided ${args.length} non flag arguments: [${args.map(goQuote).join(' ')}]`
  if (args.length < min) return `Command ${leaf} needs ${min} arguments minimum: ${given}`
  return args.length > max ? `Command ${leaf} needs ${max} arguments maximum: ${given}` : undefined
}
