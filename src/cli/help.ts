import { globalOptions } from '../options/common.ts'
import type { Command, CommandEntry } from './command.ts'
import { flagsOf, ownFlags } from './flags.ts'
import type { Flag } from './flags.ts'
import { flagUsage } from './flag-usage.ts'

type Listed = Pick<CommandEntry, 'name' | 'summary'>

/** How the program is used as a whole. */
export function rootUsage(commands: readonly Listed[]): string {
  const help = { name: 'help', summary: 'Show help about a command, the flags or the kinds of remotes' }
  const isBelow = ({ name }: Listed): boolean => commands.some((other) => name.startsWith(`${other.name} `))
  return `Usage:
  fjord [flags]
  fjord [command]

${commandList([...commands.filter((command) => !isBelow(command)), help])}
Use "fjord [command] --help" for more about a command.
Use "fjord help flags" for the flags that every command takes.
Use "fjord help backends" for the kinds of remotes.
`
}

function commandList(commands: readonly Listed[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const rows = commands.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return `Available commands:\n${rows.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`).join('')}`
}

/** What `fjord` and `fjord help` say. */
export function rootHelp(commands: readonly Listed[]): string {
  return `fjord copies, lists and keeps files on Jottacloud and on local disks. It takes rclone's commands, flags and
config file.

${rootUsage(commands)}`
}

/** The usage of a command, with those that stand below it, which stands behind its help and behind errors in its use. */
export function commandUsage(command: Command, below: readonly Listed[] = []): string {
  const line = ['fjord', command.name, command.usage, '[flags]'].filter((part) => part !== '').join(' ')
  const help = ownFlags(false).map((flag) => ({
    ...flag,
    option: { ...flag.option, help: `Help for ${command.name}` },
  }))
  const flags = [...flagsOf('command', command.options), ...help]
  const ownGroups = flags.flatMap(({ option }) => option.group ?? [])
  const groups = [...(command.groups ?? []), ...ownGroups]
  const own = sorted(flags.filter((flag) => flag.option.group === undefined && flag.option.hidden !== true))
  return `Usage:
  ${line}

${below.length > 0 ? `${commandList(below)}\n` : ''}Flags:
${flagUsage(own)}
${groupUsages([...flags, ...flagsOf('global', globalOptions)], groups)}Use "fjord help flags" for the flags that every command takes.
`
}

/** The whole help of a command, with those of `commands` that stand below it. */
export function commandHelp(command: Command, commands: readonly Listed[]): string {
  const start = `${command.name} `
  const below = commands.flatMap(({ name, summary }) =>
    name.startsWith(start) ? [{ name: name.slice(start.length), summary }] : [],
  )
  return `${command.help.trim()}\n\n${commandUsage(command, below)}`
}

/** The flags of some groups, each group under its heading; the important ones come first. */
export function groupUsages(flags: readonly Flag[], groups: readonly string[]): string {
  return [...new Set(['Important', ...groups])]
    .map((group) => ({
      group,
      members: sorted(flags.filter(({ option }) => option.group === group && option.hidden !== true)),
    }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `Flags (flag group ${group}):\n${flagUsage(members)}\n`)
    .join('')
}

function sorted(flags: readonly Flag[]): readonly Flag[] {
  return flags.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
