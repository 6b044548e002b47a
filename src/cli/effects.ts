import { accessSync, constants } from 'node:fs'
import type { Logger } from '../core/context.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import { globalOptions } from '../options/common.ts'
import type { GlobalOptions } from '../options/common.ts'
import type { Option } from '../options/option.ts'
import { flagName } from '../options/names.ts'
import { disablable, remoteFeatures } from '../options/remote-features.ts'
import { makeDirs } from '../util/make-dirs.ts'
import type { RunValues } from './values.ts'

/**
 * Says at INFO which flags of rclone that were given mean nothing here, and refuses those whose effect is not there.
 * @throws StorageError 'config'
 */
export function checkEffects({ global, given }: RunValues, log: Logger): void {
  const values: Readonly<Record<string, unknown>> = global
  const specs: Readonly<Record<string, Option<unknown>>> = globalOptions
  for (const [key, { effect, type, default: fallback }] of Object.entries(specs)) {
    const asked = effect === 'missing' && type.format(values[key]) !== type.format(fallback)
    if (asked) throw new StorageError('config', `--${flagName(key)} is not supported yet`)
    if (effect === 'none' && given.has(key))
      log.log({ level: 'INFO', text: `--${flagName(key)} has no effect in fjord` })
  }
}

/** `--disable`, in small letters. */
export function disabledFeatures({ disable }: Pick<GlobalOptions, 'disable'>): ReadonlySet<string> {
  const names = disable.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => name !== ''))
}

/**
 * Says at INFO which names of `--disable` mean nothing here.
 * @throws StorageError 'config' with all names that there are, where "help" is asked for
 */
export function checkDisabled(global: Pick<GlobalOptions, 'disable'>, log: Logger): void {
  if (global.disable === 'help')
    throw new StorageError('config', `Possible backend features are: ${remoteFeatures.join(', ')}`)
  const known = new Set([...disablable].map((name) => name.toLowerCase()))
  for (const name of disabledFeatures(global))
    if (!known.has(name)) log.log({ level: 'INFO', text: `--disable ${name} has no effect in fjord` })
}

/** Where nothing can be written into the folder that was named, the next run knows nothing of this one. */
export function checkCacheDir({ cacheDir }: Pick<GlobalOptions, 'cacheDir'>, log: Logger): void {
  if (cacheDir === '') return
  try {
    makeDirs(cacheDir, 0o700)
    accessSync(cacheDir, constants.W_OK)
  } catch (error) {
    const text = `--cache-dir cannot be used, and nothing is remembered for the next run: ${messageOf(error)}`
    log.log({ level: 'NOTICE', text })
  }
}
