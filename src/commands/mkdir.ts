import type { Command } from '../cli/command.ts'
import { mkdir } from '../operations/mkdir.ts'
import { gateOf } from './gate.ts'

export const command: Command = {
  name: 'mkdir',
  summary: 'Make a directory',
  usage: 'remote:path',
  help: `Makes the directory and those above it. One that exists is fine.

    fjord mkdir jotta:photos/2026`,
  options: {},
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important'],
  async run(invocation) {
    await mkdir(invocation.ctx, await invocation.open.directory(invocation.args[0] ?? ''), gateOf(invocation))
  },
}
