import { StorageError } from '../core/errors.ts'
import { option, type OptionSpecs } from '../options/option.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import { text } from '../options/types.ts'
import { type RemoteTableEntry, remoteTable } from '../remotes/index.ts'

/** The options of an alias, which is no remote but another name for a place. */
export const aliasOptions = {
  remote: option(
    text,
    '',
    'What the alias stands for, as one would type it: a remote, a path on one, or a local path',
    {
      required: true,
    },
  ),
}

/** Options that every kind of remote has besides its own. */
const commonOptions = {
  description: option(text, '', 'What the remote is for, in your own words', { advanced: true }),
}

/** All options that a section of some kind can have, in the order in which they are asked for. */
export function sectionOptions(options: OptionSpecs): OptionSpecs {
  return { ...options, ...commonOptions }
}

/**
 * The definition of a kind of remote.
 * @throws StorageError 'unsupported' in rclone's words where there is none
 */
export async function loadDefinition(
  type: string,
  table: readonly RemoteTableEntry[] = remoteTable,
): Promise<RemoteDefinition> {
  const entry = table.find((candidate) => candidate.type === type)
  if (entry) return await entry.load()
  const known = ['alias', ...table.map((candidate) => candidate.type)].sort().join(', ')
  throw new StorageError('unsupported', `didn't find backend called "${type}"`, {
    details: { hint: `The kinds of remotes there are: ${known}. A section of another kind is kept as it is.` },
  })
}

/** The options of a type that can stand in the config file; undefined for an unknown one. */
export async function optionsOfType(
  type: string,
  table: readonly RemoteTableEntry[] = remoteTable,
): Promise<OptionSpecs | undefined> {
  if (type === 'alias') return aliasOptions
  return (await table.find((candidate) => candidate.type === type)?.load())?.options
}
