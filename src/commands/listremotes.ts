import type { Command } from '../cli/command.ts'
import { jsonRemoteLines, listRemotes, longRemoteLines, orderRemotes, remoteLines } from '../config/list-remotes.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

const options = {
  long: option(bool, false, 'Also print type and description'),
  json: option(bool, false, 'Print JSON'),
  orderBy: option(
    text,
    '',
    'Sort by name, type, source or description, with =desc for the other way, joined by commas',
  ),
}

export const command: Command<typeof options> = {
  name: 'listremotes',
  summary: 'List the remotes of the config',
  usage: '',
  help: `Prints the names of the remotes: those that the environment defines first, then those of the config file.`,
  options,
  args: { min: 0, max: 0 },
  async run({ out, openDeps, options: { long, json, orderBy } }) {
    const { config, environment } = await openDeps()
    const remotes = orderRemotes(listRemotes(config, environment), orderBy)
    const lines = json ? jsonRemoteLines : long ? longRemoteLines : remoteLines
    for (const line of lines(remotes)) out.line(line)
  },
}
