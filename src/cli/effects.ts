import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { globalOptions } from '../options/common.ts'
import type { Option } from '../options/option.ts'
import { flagName } from '../options/names.ts'
import type { RunValues } from './values.ts'

/**
 * Says at INFO which flags of rclone that were given mean nothing here, and refuses those whose effect is not there.
 * @throws StorageError 'config'
 */
export function checkEffects({ global, given }: RunValues, log: Logger): void {
  const values: Readonly<Record<string, unknown>> = global
  const specs: Readonly<Record<string, Option<unknown>>> = globalOptions
  for (const [key, { effect, type, default: fallback }] of Object.entries(specs)) {
    if (effect === undefined) continue
    const asked = type.format(values[key]) !== type.format(fallback)
    if (effect === 'missing' && asked) throw new StorageError('config', `--${flagName(key)} is not supported yet`)
    if (effect === 'none' && given.has(key))
      log.log({ level: 'INFO', text: `--${flagName(key)} has no effect in fjord` })
  }
}
