import type { Command, CommandEntry } from './command.ts'
import { commandUsage, rootUsage } from './help.ts'
import type { CliLogger } from './log.ts'
import type { Selection } from './select.ts'

/** Where errors in the use of the program are written. */
export interface RefusalStreams {
  /** Standard error. */
  readonly write: (text: string) => void
  readonly log: CliLogger
  readonly commands: readonly CommandEntry[]
}

/** Says that a line or an argument cannot be used, and how it is done right (rclone's surface 1.1, "Unknown flag …"). */
export function refuseUsage(
  message: string,
  command: Command | undefined,
  { write, log, commands }: RefusalStreams,
): void {
  write(`Error: ${message}\n${command ? commandUsage(command) : rootUsage(commands)}\n`)
  log.log({ level: 'NOTICE', text: `Fatal error: ${message}` })
}

/** Says that there is no such command, and which may have been meant. */
export function refuseCommand(message: string, { write, log }: RefusalStreams): void {
  write(`Error: ${message}\nRun 'fjord --help' for usage.\n\n`)
  log.log({ level: 'NOTICE', text: `Fatal error: ${message}` })
}

/** Says that there are too few or too many arguments. */
export function refuseCount(
  { message, command }: Extract<Selection, { kind: 'wrong-count' }>,
  write: (text: string) => void,
): void {
  write(`${commandUsage(command)}${message}\n`)
}
