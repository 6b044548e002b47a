/** How values of one kind are read and written as text, and how their flag behaves. */
export interface OptionType<T> {
  /** The name in rclone's messages, e.g. 'fs.SizeSuffix', 'bool', 'stringArray'. */
  readonly name: string
  /** The name in help and docs, e.g. 'SizeSuffix'. */
  readonly label: string
  /** 'bool' takes a value only with '='; 'count' may repeat; 'list' accumulates; 'value': the last one wins. */
  readonly flag: 'bool' | 'count' | 'list' | 'value'
  /**
   * Reads one value.
   * @throws StorageError 'usage', its message what rclone says after the flag's name
   */
  parse(text: string): T
  /** Reads a value of the environment, the config or a global flag, where that differs from a command's own flag. */
  parseStored?(text: string): T
  /** Of global options: read as a command's own flag and variable are. */
  readonly native?: true
  format(value: T): string
  /** Lists only: the value of several texts in order. */
  combine?(values: readonly T[]): T
  /** Lists only: the texts in an environment variable, which is one CSV record. */
  split?(text: string): readonly string[]
  /** The texts to choose from, where there are only so many. */
  readonly choices?: readonly string[]
}

export interface OptionExtras {
  /** One letter. */
  readonly short?: string
  /** Not asked for in the first round of a configuration dialogue. */
  readonly advanced?: boolean
  readonly hidden?: boolean
  /** Obscured in the config file. */
  readonly password?: boolean
  /** Blanked in reports. */
  readonly sensitive?: boolean
  readonly required?: boolean
  /** A backend option that also has this flag without the backend's prefix ('copy-links', 'skip-links'). */
  readonly plainFlag?: string
  /**
   * A flag of rclone's that does nothing here. 'none': it has no meaning, which -v says. 'missing': what it asks for is not
   * there, and asking for it is refused.
   */
  readonly effect?: 'none' | 'missing'
  /** The group of a global flag in help: 'Copy', 'Networking', 'Logging' … */
  readonly group?: string
}

/** One option: declared once; flag, environment variable, config key, help and docs are derived from it. */
export interface Option<T> extends OptionExtras {
  readonly type: OptionType<T>
  readonly default: T
  readonly help: string
}

/** Options by their name in code: camelCase, from which the other names are derived (names.ts). */
export type OptionSpecs = Readonly<Record<string, Option<unknown>>>

export type ValuesOf<S extends OptionSpecs> = { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never }

/**
 * Declares an option.
 * @param fallback the value where nothing gives another
 */
export function option<T>(type: OptionType<T>, fallback: T, help: string, extras: OptionExtras = {}): Option<T> {
  return { type, default: fallback, help, ...extras }
}
