import type { Command } from '../cli/command.ts'
import { rmdir } from '../operations/rmdir.ts'
import { gateOf } from './gate.ts'

export const command: Command = {
  name: 'rmdir',
  summary: 'Remove an empty directory',
  usage: 'remote:path',
  help: `Removes the directory if nothing is in it; otherwise says so and leaves it. See purge for one with content.

    fjord rmdir jotta:photos/2026`,
  options: {},
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important'],
  async run(invocation) {
    await rmdir(invocation.ctx, await invocation.open.directory(invocation.args[0] ?? ''), gateOf(invocation))
  },
}
