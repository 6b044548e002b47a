import { dirname } from 'node:path'
import type { Logger } from '../core/context.ts'
import type { Environment } from '../options/resolve.ts'
import { runProgram } from '../util/program.ts'

/** How the command is run. */
export interface PasswordCommandOptions {
  readonly environment: Environment
  /** The command finds its folder in RCLONE_CONFIG_DIR. */
  readonly configPath: string | undefined
  readonly log: Logger
  readonly signal: AbortSignal
  /** A new password is wanted: the command is told so by RCLONE_PASSWORD_CHANGE=1. */
  readonly change?: boolean
}

/**
 * Runs `--password-command` and takes what it prints, line ends cut off (docs: rclone's surface 7.3).
 * @returns the password, or why there is none, in rclone's words
 */
export async function passwordOf(
  command: readonly string[],
  options: PasswordCommandOptions,
): Promise<{ readonly password: string } | { readonly failure: string }> {
  const { configPath, change = false, signal } = options
  const environment = {
    ...options.environment,
    ...(configPath !== undefined && { RCLONE_CONFIG_DIR: dirname(configPath) }),
    ...(change && { RCLONE_PASSWORD_CHANGE: '1' }),
  }
  const { output, failure } = await runProgram(command, { environment, signal })
  signal.throwIfAborted()
  if (failure !== undefined) {
    options.log.log({ level: 'ERROR', text: `Using --password-command returned: ${failure}` })
    return { failure: `password command failed: ${failure}` }
  }
  const password = output.replace(/[\r\n]+$/, '')
  return password === '' ? { failure: '--password-command returned empty string' } : { password }
}
