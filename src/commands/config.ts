import type { Command } from '../cli/command.ts'
import { runMainMenu } from '../config/dialogue/main-menu.ts'
import { setUpDeps } from './config-set-up.ts'

export const command: Command = {
  name: 'config',
  summary: 'Set up remotes, one question at a time',
  usage: '',
  help: `Shows the remotes of the config file and asks what to do: make, change, rename, copy or delete one, or encrypt the file.
Ctrl-C leaves at any time. Answers that come through a pipe, one a line, work as well.

    fjord config`,
  options: {},
  args: { min: 0, max: 0 },
  async run(invocation) {
    await runMainMenu(await setUpDeps(invocation))
  },
}
