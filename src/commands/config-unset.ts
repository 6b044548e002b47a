import type { Command } from '../cli/command.ts'
import { removeKeys } from '../config/ini.ts'
import { requireRemoteName } from '../config/remote-name.ts'
import { describeRemote } from '../config/show.ts'
import { forgetKeptToken } from '../config/token-store.ts'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'

const options = { noOutput: option(bool, false, 'Print nothing') }

export const command: Command<typeof options> = {
  name: 'config unset',
  summary: 'Remove options of a remote',
  usage: 'name key [key]...',
  help: `Removes keys from a remote of the config file, so that their defaults count again.

    fjord config unset jotta hard_delete`,
  options,
  args: { min: 2, max: Number.POSITIVE_INFINITY },
  async run({ args: [name = '', ...keys], config, openDeps, options: o, out, ctx }) {
    requireRemoteName(name, (await openDeps()).platform)
    const file = await config()
    if (!file.names().includes(name)) throw new StorageError('usage', `remote "${name}" doesn't exist`)
    if (keys.includes('type'))
      throw new StorageError(
        'usage',
        `can't unset the "type" of a remote - use "config delete" to remove the whole remote`,
      )
    await file.locked(({ ini, replace }) => replace(removeKeys(ini, name, keys)), { signal: ctx.signal })
    if (keys.includes('token')) await forgetKeptToken(file, name)
    if (o.noOutput) return
    for (const line of await describeRemote(name, await openDeps())) out.line(line)
  },
}
