import { readFileSync } from 'node:fs'
import { arch, machine, platform, release, type } from 'node:os'
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
    out.line(`- os/version: ${systemName()}`)
    out.line(`- os/kernel: ${release()} (${machine()})`)
    out.line(`- os/type: ${platform()}`)
    out.line(`- os/arch: ${arch()}`)
    // rclone's three lines about Go, for programs that read them.
    out.line(`- go/version: none, runs on node ${process.version}`)
    out.line('- go/linking: none')
    out.line('- go/tags: none')
    return Promise.resolve()
  },
}

/** The name that a Linux gives itself; elsewhere that of the kernel. */
function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    return name ?? type()
  } catch {
    return type()
  }
}
