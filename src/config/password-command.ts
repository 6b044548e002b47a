import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Logger } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import type { Environment } from '../options/resolve.ts'
import { systemCode } from '../util/atomic-file.ts'

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
  const { text, failure } = await run(command, options)
  options.signal.throwIfAborted()
  if (failure !== undefined) {
    options.log.log({ level: 'ERROR', text: `Using --password-command returned: ${failure}` })
    return { failure: `password command failed: ${failure}` }
  }
  const password = text.replace(/[\r\n]+$/, '')
  return password === '' ? { failure: '--password-command returned empty string' } : { password }
}

interface Ended {
  readonly text: string
  readonly failure?: string | undefined
}

function run([program = '', ...args]: readonly string[], options: PasswordCommandOptions): Promise<Ended> {
  const { environment, configPath, change = false, signal } = options
  const env = {
    ...environment,
    ...(configPath !== undefined && { RCLONE_CONFIG_DIR: dirname(configPath) }),
    ...(change && { RCLONE_PASSWORD_CHANGE: '1' }),
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, signal, stdio: ['inherit', 'pipe', 'inherit'], windowsHide: true })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more))
    child.on('error', (error) => resolve({ text, failure: notStarted(program, error) }))
    child.on('close', (code, by) => {
      resolve({ text, failure: code === 0 ? undefined : code === null ? `signal: ${by}` : `exit status ${code}` })
    })
  })
}

function notStarted(program: string, error: Error): string {
  if (systemCode(error) !== 'ENOENT') return messageOf(error)
  return program.includes('/')
    ? `fork/exec ${program}: no such file or directory`
    : `exec: "${program}": executable file not found in $PATH`
}
