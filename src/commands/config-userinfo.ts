import type { Command } from '../cli/command.ts'
import { goJson } from '../options/go-json.ts'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'

const options = { json: option(bool, false, 'Print JSON') }

export const command: Command<typeof options> = {
  name: 'config userinfo',
  summary: 'Show who a remote is logged in as',
  usage: 'remote:',
  help: `Asks the service who the account of a remote belongs to, and prints it.

    fjord config userinfo jotta:`,
  options,
  args: { min: 1, max: 1 },
  async run({ args: [typed = ''], open, out, ctx, options: { json } }) {
    const { remote, path } = await open.location(typed)
    if (!remote.userInfo) throw new StorageError('usage', `${remote.facts(path).description} doesn't support UserInfo`)
    const info = Object.entries(await remote.userInfo({ signal: ctx.signal })).sort(([a], [b]) => (a < b ? -1 : 1))
    if (json) {
      out.text(`${goJson(Object.fromEntries(info), '\t')}\n`)
      return
    }
    const width = Math.max(...info.map(([key]) => key.length))
    for (const [key, value] of info) out.line(`${key.padStart(width)}: ${value}`)
  },
}
