import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Location } from '../core/remote.ts'
import type { OptionSpecs, ValuesOf } from '../options/option.ts'
import type { ConfigFile } from '../config/file.ts'
import type { OpenDeps } from '../config/open.ts'
import type { Terminal } from '../config/terminal.ts'
import type { State } from '../state/open.ts'
import type { Filter } from '../filter/filter.ts'
import type { RunReport } from './run-report.ts'
import type { GlobalOptions } from '../options/common.ts'

/** Where results go: standard output, with control characters of names made visible and back-pressure honoured. */
export interface Output {
  /** One line, a newline is added. Text from a server or a disk is made safe. */
  line(text: string): void
  /** Text as it is, with its own line ends: for what is already safe, such as JSON or names made visible with tabs between. */
  text(text: string): void
  /** Bytes as they are (cat). */
  bytes(chunk: Uint8Array): Promise<void>
  /** Resolves when everything so far has been handed to standard output. */
  flush(): Promise<void>
  /** Standard output is a terminal. */
  readonly terminal: boolean
}

/** A path argument opened for reading: a directory, or one file in it. */
export interface SourceArgument extends Location {
  /** The name of the one file, where the argument names a file; `path` is then its directory. */
  readonly file?: string | undefined
  /** That file, as it was found. */
  readonly entry?: FileEntry | undefined
}

/** How path arguments are opened (docs: rclone's surface 1.1, "Opening the path arguments"). */
export interface Opener {
  /** A directory or one file. A path that does not exist opens as a directory. */
  source(typed: string): Promise<SourceArgument>
  /** The same for a command that filters apply to: a single file together with filter flags is refused. */
  listed(typed: string): Promise<SourceArgument>
  /** A directory; a file there is refused. */
  directory(typed: string): Promise<Location>
  /** A file that is to be written, not looked at: what ends in a slash is refused. */
  file(typed: string): Promise<Location & { readonly file: string }>
  /** A remote's root or any path, not looked at. */
  location(typed: string): Promise<Location>
}

/** What a command is run with. */
export interface Invocation<O extends OptionSpecs = OptionSpecs> {
  readonly args: readonly string[]
  readonly options: ValuesOf<O>
  readonly global: GlobalOptions
  readonly ctx: Context
  /** What the filter flags let through; undefined where there are none. */
  readonly filter: Filter | undefined
  readonly stdin: AsyncIterable<Uint8Array>
  /** Standard input is a terminal or another character device (/dev/null), and no pipe or file. */
  readonly stdinIsDevice: () => boolean
  readonly out: Output
  /** For questions. */
  readonly terminal: Terminal
  readonly open: Opener
  readonly config: () => Promise<ConfigFile>
  /** Where the config file is or would be, without reading it; undefined: in memory only. */
  readonly configPath: () => Promise<string | undefined>
  /** What remotes are opened with, for commands that work on the config itself. */
  readonly openDeps: () => Promise<OpenDeps>
  /** What all attempts together have used of `--max-transfer` and `--max-duration`. */
  readonly used: { bytes: number; since: number | undefined }
  /** The global options that are set anywhere: on the command line, in the environment, by a remote. */
  readonly given: ReadonlySet<string>
  /** What `--report` collects; undefined where none is wanted. */
  readonly runReport: RunReport | undefined
  /** What earlier runs have left. */
  readonly state: () => Promise<State>
  /** The program and first arguments that start fjord itself. */
  readonly self: readonly [program: string, ...args: string[]]
}

/** A command: declaration, help and one function; everything else belongs to the engine, where the SDK can use it too. */
export interface Command<O extends OptionSpecs = OptionSpecs> {
  /** As typed, e.g. 'ls' or 'config create'. */
  readonly name: string
  readonly summary: string
  /** The arguments in the usage line, e.g. 'remote:path' or 'source:path dest:path'. */
  readonly usage: string
  readonly help: string
  readonly options: O
  /** How many arguments that are no flags. */
  readonly args: { readonly min: number; readonly max: number }
  /** Run again up to --retries times when errors were counted. */
  readonly retries?: boolean
  /** Prints the stats block at the end. */
  readonly stats?: boolean
  /** The groups of global flags that its help shows. */
  readonly groups?: readonly string[]
  /** Errors of single files are reported and counted through `ctx.report`; what is thrown ends the attempt. */
  run(invocation: Invocation<O>): Promise<void>
}

/** A command that is loaded when it is typed. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}
