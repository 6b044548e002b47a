import type { Logger } from '../core/context.ts'
import type { Environment } from '../options/resolve.ts'
import { passwordOf } from './password-command.ts'

/**
 * Finds the password of an encrypted config file.
 * @param fits tries one; a wrong one has been logged when it resolves to false
 * @returns undefined when one fitted, else why there is none, for `Failed to load config file "PATH": …`
 */
export type Unlock = (fits: (password: string) => Promise<boolean>) => Promise<string | undefined>

/** Where passwords come from. */
export interface UnlockSources {
  /** `--password-command`; empty is none. */
  readonly command: readonly string[]
  readonly environment: Environment
  readonly configPath: string | undefined
  /** Asks for one. Undefined where that is not allowed. @throws where there is nobody to ask */
  readonly ask: (() => Promise<string>) | undefined
  readonly log: Logger
  readonly signal: AbortSignal
}

/** The first of command, RCLONE_CONFIG_PASS and question that there is counts alone (docs: rclone's surface 7.3). */
export function createUnlock({ command, environment, configPath, ask, log, signal }: UnlockSources): Unlock {
  return async (fits) => {
    if (command.length > 0) {
      const given = await passwordOf(command, { environment, configPath, log, signal })
      if ('failure' in given) return given.failure
      return (await fits(given.password)) ? undefined : notBy('--password-command derived')
    }
    const password = environment['RCLONE_CONFIG_PASS']
    if (password) return (await fits(password)) ? undefined : notBy('RCLONE_CONFIG_PASS env')
    if (!ask) {
      return 'unable to decrypt configuration and not allowed to ask for password - set RCLONE_CONFIG_PASS to your configuration password'
    }
    while (!(await fits(await ask()))) signal.throwIfAborted()
    return undefined
  }
}

function notBy(source: string): string {
  return `using ${source} password, unable to decrypt configuration`
}
