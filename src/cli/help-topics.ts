import { aliasOptions, sectionOptions } from '../config/definitions.ts'
import { StorageError } from '../core/errors.ts'
import { globalOptions } from '../options/common.ts'
import { configKey, envName, flagName } from '../options/names.ts'
import { option } from '../options/option.ts'
import type { Option } from '../options/option.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import { bool, text } from '../options/types.ts'
import { defaultText, flagUsage } from './flag-usage.ts'
import { flagsOf, flagTable, ownFlags } from './flags.ts'
import type { Flag } from './flags.ts'
import { commandHelp, groupUsages, rootHelp } from './help.ts'
import { parseFlags } from './parse.ts'
import type { BackendEntry, Vocabulary } from './select.ts'

const helpOptions = {
  group: option(text, '', 'Only flags of groups with this name'),
  name: option(bool, false, 'Look for the text in names only'),
}

/**
 * What `help …` says: about a command, `flags [text]`, `backends`, `backend NAME`, or everything.
 * @throws StorageError 'usage' for a flag that help does not know, 'config' for a kind of remote that there is not
 */
export async function helpTopic(argv: readonly string[], vocabulary: Vocabulary): Promise<string> {
  const flags = [...flagsOf('command', helpOptions), ...ownFlags(false), ...flagsOf('global', globalOptions)]
  const { args, given } = parseFlags(argv, flagTable(flags))
  const [topic, name = ''] = args
  if (topic === 'flags') return flagHelp(name, given.get('command') ?? new Map<string, readonly string[]>())
  if (topic === 'backends') return backendList([alias, ...vocabulary.backends])
  if (topic === 'backend') return backendHelp(await findBackend(vocabulary.backends, name))
  const entry = [args.join(' '), topic]
    .map((typed) => vocabulary.commands.find((command) => command.name === typed))
    .find(Boolean)
  return entry ? commandHelp(await entry.load(), vocabulary.commands) : rootHelp(vocabulary.commands)
}

function flagHelp(wanted: string, given: ReadonlyMap<string, readonly string[]>): string {
  const group = (given.get('group')?.at(-1) ?? '').toLowerCase()
  const inName = given.has('name')
  const flags = flagsOf('global', globalOptions).filter(
    (flag) => (flag.option.group ?? '').toLowerCase().includes(group) && matches(flag, wanted, inName),
  )
  // One group that was asked for needs no heading, as in rclone
  if (group !== '') return flagUsage(flags.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  return groupUsages(flags, flags.map((flag) => flag.option.group ?? '').toSorted())
}

/** `*` and `?` stand for any text and one character. */
function matches({ name, option: { help } }: Flag, wanted: string, inName: boolean): boolean {
  const pattern = wanted
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(pattern, 'i').test(inName ? name : `${name} ${help}`)
}

function backendList(backends: readonly Pick<BackendEntry, 'type' | 'summary'>[]): string {
  const width = Math.max(...backends.map(({ type }) => type.length)) + 2
  const rows = backends.map(({ type, summary }) => `  ${type.padEnd(width)}${summary}\n`)
  return `Kinds of remotes:\n${rows.join('')}\nUse "fjord help backend NAME" for the options of one.\n`
}

/** No kind of remote, but it stands in the config file like one. */
const alias = { type: 'alias', summary: 'Another name for a place', options: aliasOptions }

type BackendFacts = Pick<RemoteDefinition, 'type' | 'summary' | 'options'>

async function findBackend(backends: readonly BackendEntry[], name: string): Promise<BackendFacts> {
  if (name === alias.type) return alias
  const entry = backends.find(({ type }) => type === name)
  if (!entry) throw new StorageError('config', `didn't find backend called "${name}"`)
  return await entry.load()
}

function backendHelp({ type, summary, options }: BackendFacts): string {
  const rows = Object.entries(sectionOptions(options)).filter(([, spec]) => spec.hidden !== true)
  const part = (title: string, advanced: boolean): string => {
    const members = rows.filter(([, spec]) => (spec.advanced === true) === advanced)
    return members.length === 0
      ? ''
      : `### ${title}\n\n${members.map(([key, spec]) => optionHelp(type, key, spec)).join('')}`
  }
  return `## ${type}\n\n${summary}\n\n${part('Standard options', false)}${part('Advanced options', true)}`
}

function optionHelp(backend: string, key: string, spec: Option<unknown>): string {
  const flag = flagName(key, backend)
  const shown = defaultText(spec) ?? (spec.default === false ? 'false' : undefined)
  const facts = [
    ['Config', configKey(key)],
    ['Env Var', envName(flag)],
    ['Type', spec.type.label === '' ? spec.type.name : spec.type.label],
    ...(shown === undefined ? [['Required', String(spec.required === true)]] : [['Default', shown]]),
  ]
  const list = facts.map(([name, value]) => `- ${`${name}:`.padEnd(13)}${value}\n`).join('')
  return `#### --${flag}\n\n${spec.help}\n\n${list}\n`
}
