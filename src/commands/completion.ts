import type { Command } from '../cli/command.ts'
import { completionScript, shells } from '../cli/completion-scripts.ts'
import { openReportFile } from '../cli/report-file.ts'
import { StorageError } from '../core/errors.ts'

export const command: Command = {
  name: 'completion',
  summary: 'Print a script that completes commands and flags in a shell',
  usage: 'bash|zsh|fish|powershell [file]',
  help: `Prints the script to standard output, or writes it to the file. No folder of the system is written to unless it is named.

    fjord completion bash - > /etc/bash_completion.d/fjord
    fjord completion fish ~/.config/fish/completions/fjord.fish`,
  options: {},
  args: { min: 1, max: 2 },
  run({ args, out }) {
    const [name = '', file = '-'] = args
    const shell = shells.find((known) => known === name)
    if (!shell) throw new StorageError('usage', `no completion for the shell "${name}": there is ${shells.join(', ')}`)
    using target = openReportFile(file, out)
    target.text(completionScript(shell))
    return Promise.resolve()
  },
}
