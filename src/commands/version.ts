import { arch, release, type } from 'node:os'
import type { Command } from '../cli/command.ts'
import { version } from '../cli/version.ts'

export const command: Command = {
  name: 'version',
  summary: 'Show the version',
  usage: '',
  help: `Prints the version of fjord and of what it runs on.`,
  options: {},
  args: { min: 0, max: 0 },
  run({ out }) {
    out.line(`fjord v${version}`)
    out.line(`- os/type: ${type().toLowerCase()}`)
    out.line(`- os/kernel: ${release()} (${arch()})`)
    out.line(`- os/arch: ${arch()}`)
    out.line(`- node/version: ${process.version}`)
    return Promise.resolve()
  },
}
