import type { Command, Invocation } from '../cli/command.ts'
import {
  filterRemotes,
  jsonRemoteLines,
  listRemotes,
  longRemoteLines,
  type Matcher,
  orderRemotes,
  type RemoteFilter,
  remoteLines,
} from '../config/list-remotes.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
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
  name: option(text, '', 'Only remotes whose name matches this pattern'),
  type: option(text, '', 'Only remotes whose type matches this pattern'),
  source: option(text, '', 'Only remotes from a source that matches this pattern: file or environment'),
  description: option(text, '', 'Only remotes whose description matches this pattern'),
  exact: option(bool, false, 'Patterns have to match the whole of a text, not a part of it'),
}

export const command: Command<typeof options> = {
  name: 'listremotes',
  summary: 'List the remotes of the config',
  usage: '[pattern]',
  help: `Prints the names of the remotes: those that the environment defines first, then those of the config file. A pattern as in
filter rules, in any case, keeps those that have it in one of their texts.

    fjord listremotes --type jottacloud
    fjord listremotes 'photo*' --long`,
  options,
  args: { min: 0, max: 1 },
  async run({ args, out, openDeps, options: o }) {
    const { config, environment } = await openDeps()
    const wanted = filterRemotes(listRemotes(config, environment), await remoteFilter(args[0] ?? '', o))
    const lines = o.json ? jsonRemoteLines : o.long ? longRemoteLines : remoteLines
    for (const line of lines(orderRemotes(wanted, o.orderBy))) out.line(line)
  },
}

async function remoteFilter(any: string, o: Invocation<typeof options>['options']): Promise<RemoteFilter> {
  const matcher = async (glob: string, filtered: string): Promise<Matcher | undefined> => {
    if (glob === '') return undefined
    const { textGlob } = await import('../filter/text-glob.ts')
    try {
      return await textGlob(glob, { exact: o.exact })
    } catch (error) {
      if (!isStorageError(error)) throw error
      throw new StorageError('usage', `invalid ${filtered} filter argument: ${messageOf(error)}`, { cause: error })
    }
  }
  return {
    any: await matcher(any, 'all'),
    name: await matcher(o.name, 'name'),
    type: await matcher(o.type, 'type'),
    source: await matcher(o.source, 'source'),
    description: await matcher(o.description, 'description'),
  }
}
