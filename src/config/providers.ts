import type { OptionSpecs } from '../options/option.ts'
import { configKey } from '../options/names.ts'
import { type RemoteTableEntry, remoteTable } from '../remotes/index.ts'
import { aliasOptions, sectionOptions } from './definitions.ts'
import { askedOption } from './dialogue/asked.ts'
import { optionJson } from './dialogue/reply-json.ts'
import { goJson } from '../options/go-json.ts'

/** A kind of remote that a section can be of. */
export interface Provider {
  readonly type: string
  readonly summary: string
  readonly options: OptionSpecs
}

/** Every kind of remote, by its type. */
export async function listProviders(table: readonly RemoteTableEntry[] = remoteTable): Promise<readonly Provider[]> {
  const alias = { type: 'alias', summary: 'Another name for a place on a remote or disk', options: aliasOptions }
  const others = await Promise.all(table.map(async (entry) => ({ ...entry, options: (await entry.load()).options })))
  return [alias, ...others]
    .map((provider) => ({ ...provider, options: sectionOptions(provider.options) }))
    .sort((a, b) => (a.type < b.type ? -1 : 1))
}

/** `config providers`: JSON with four spaces and without a line end, its members rclone's (docs: rclone's surface 7.4). */
export function providersJson(providers: readonly Provider[]): string {
  return goJson(providers.map(providerJson), '    ')
}

function providerJson({ type, summary, options }: Provider): Readonly<Record<string, unknown>> {
  return {
    Name: type,
    Description: summary,
    Prefix: type,
    Options: Object.entries(options).map(([key, spec]) => optionJson(askedOption(configKey(key), spec, undefined))),
    CommandHelp: null,
    Aliases: null,
    Hide: false,
    MetadataInfo: null,
  }
}
