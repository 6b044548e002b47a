import { sectionOptions } from '../config/definitions.ts'
import { flagName } from '../options/names.ts'
import { option } from '../options/option.ts'
import type { Option, OptionSpecs } from '../options/option.ts'
import { nativeBool } from '../options/types.ts'

/** Whose option a flag sets: every command's, the command's own, a kind of remote's, or fjord's own (help, version). */
export type Scope = 'global' | 'command' | 'own' | `backend/${string}`

/** A flag as it can be typed. */
export interface Flag {
  /** Without dashes: `max-depth`. */
  readonly name: string
  /** The option's name in code. */
  readonly key: string
  readonly scope: Scope
  readonly option: Option<unknown>
}

/** All flags that can be typed, by long name and by letter. */
export interface FlagTable {
  readonly long: ReadonlyMap<string, Flag>
  readonly short: ReadonlyMap<string, Flag>
}

/** A kind of remote, as far as flags go. */
export interface BackendOptions {
  readonly type: string
  readonly options: OptionSpecs
}

const help = option(nativeBool, false, 'Show this help', { short: 'h' })
const version = option(nativeBool, false, 'Show the version', { short: 'V' })

/** The flags that fjord answers itself; `--version` is known only where no command is typed. */
export function ownFlags(withVersion: boolean): readonly Flag[] {
  return flagsOf('own', withVersion ? { help, version } : { help })
}

/** The flags of a group of options. */
export function flagsOf(scope: Scope, specs: OptionSpecs): readonly Flag[] {
  return Object.entries(specs).map(([key, spec]) => ({ name: flagName(key), key, scope, option: spec }))
}

/** The flags of a kind of remote: each with its prefix, some also without. */
export function backendFlags({ type, options }: BackendOptions): readonly Flag[] {
  const scope: Scope = `backend/${type}`
  return Object.entries(sectionOptions(options)).flatMap(([key, spec]) => {
    const { short: _, ...unlettered } = spec
    const prefixed = { name: flagName(key, type), key, scope, option: unlettered }
    return spec.plainFlag === undefined ? [prefixed] : [prefixed, { name: spec.plainFlag, key, scope, option: spec }]
  })
}

/** A table of flags; of two with one name or letter the first one wins. */
export function flagTable(flags: readonly Flag[]): FlagTable {
  const long = new Map<string, Flag>()
  const short = new Map<string, Flag>()
  for (const flag of flags) {
    if (!long.has(flag.name)) long.set(flag.name, flag)
    const letter = flag.option.short
    if (letter !== undefined && !short.has(letter)) short.set(letter, flag)
  }
  return { long, short }
}

/** Whether a flag stands alone: it takes no value from the next word. */
export function standsAlone(flag: Flag): boolean {
  return flag.option.type.flag === 'bool' || flag.option.type.flag === 'count'
}
