import type { Readable } from 'node:stream'
import type { Environment } from '../options/resolve.ts'
import type { OutputStream } from './output.ts'

/** A stream that may be a terminal. */
export type InputStream = Readable & { readonly isTTY?: boolean }

/** The process as the command line sees it, so that tests can be one. */
export interface Host {
  /** What was typed, without the program. */
  readonly argv: readonly string[]
  readonly environment: Environment
  readonly cwd: string
  readonly platform: NodeJS.Platform
  readonly pid: number
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Not touched before something reads it. */
  readonly stdin: InputStream
  /** Standard input is a terminal or another character device (/dev/null), and no pipe or file. */
  readonly stdinIsDevice: () => boolean
  /** The program and first arguments that start fjord itself. */
  readonly self: readonly [program: string, ...args: string[]]
  /** What refreshes a token and outlives this process; without it that is done in here. */
  readonly refreshHelper?: readonly string[] | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls `handler` whenever the bandwidth limit is to be switched off or on (SIGUSR2). Returns what takes it off again. */
  onToggle?(handler: () => void): () => void
  /** Calls `handler` on the first signal that asks to end; a second one ends the process. Returns what takes it off again. */
  onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => void): () => void
}
