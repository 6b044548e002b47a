import { globalOptions } from '../options/common.ts'
import type { Command, CommandEntry } from './command.ts'
import { flagsOf, ownFlags } from './flags.ts'
import type { Flag } from './flags.ts'
import { flagUsage } from './flag-usage.ts'

/** How the program is used as a whole. */
export function rootUsage(commands: readonly Pick<CommandEntry, 'name' | 'summary'>[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const rows = [...commands, { name: 'help', summary: 'Show help about a command, the flags or the kinds of remotes' }]
  const list = rows
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`)
  return `Usage:
  fjord [flags]
  fjord [command]

Available commands:
${list.join('')}
Use "fjord [command] --help" for more about a command.
Use "fjord help flags" for the flags that every command takes.
Use "fjord help backends" for the kinds of remotes.
`
}

/** What `fjord` and `fjord help` say. */
export function rootHelp(commands: readonly Pick<CommandEntry, 'name' | 'summary'>[]): string {
  return `fjord copies, lists and keeps files on Jottacloud and on local disks. It takes rclone's commands, flags and
config file.

${rootUsage(commands)}`
}

/** The usage of a command, which stands behind its help and behind errors in its use. */
export function commandUsage(command: Command): string {
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

Flags:
${flagUsage(own)}
${groupUsages([...flags, ...flagsOf('global', globalOptions)], groups)}Use "fjord help flags" for the flags that every command takes.
`
}

/** The whole help of a command. */
export function commandHelp(command: Command): string {
  return `${command.help.trim()}\n\n${commandUsage(command)}`
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
