import type { Invocation } from '../cli/command.ts'
import type { CreateOptions } from '../config/create.ts'
import type { SetUpDeps } from '../config/dialogue/set-up.ts'
import type { Reply } from '../config/dialogue/machine.ts'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import type { ValuesOf } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

/** The flags of the commands that set up a remote. */
export const setUpOptions = {
  all: option(bool, false, 'Ask for all options, too'),
  continue: option(bool, false, 'Go on with the answer --result to the question of --state'),
  noObscure: option(bool, false, 'Take passwords as obscured'),
  noOutput: option(bool, false, 'Print nothing'),
  nonInteractive: option(bool, false, 'Print the first question as JSON instead of answering it'),
  obscure: option(bool, false, 'Obscure passwords, also those that look obscured'),
  result: option(text, '', 'The answer, with --continue'),
  state: option(text, '', 'The state that the question came with, with --continue'),
}

/** How secrets get into a remote without standing in a command line. */
export const unseenHelp = `A command line is seen by every user of a machine. So each answer config_NAME can also be given as config_NAME_file=FILE,
the file holding it, as config_NAME_file=- for a line of standard input, or in the variable FJORD_CONFIG_NAME. For a login
token config_login_token=- and config_login_token=@FILE are the same.`

/** How programs set up a remote, one question at a time. */
export const machineHelp = `With --non-interactive the first question is printed as JSON, with its state. The answer goes on with
"config update NAME --continue --state STATE --result ANSWER", until the state is empty.`

/** What setting up needs of a run. */
export async function setUpDeps({ openDeps, terminal }: Invocation): Promise<SetUpDeps> {
  return { ...(await openDeps()), terminal }
}

/** @throws StorageError 'usage' for flags that exclude each other */
export function createOptions(o: ValuesOf<typeof setUpOptions>): CreateOptions {
  if (o.obscure && o.noObscure) throw new StorageError('usage', "can't use --obscure and --no-obscure together")
  return {
    obscure: o.obscure ? 'always' : o.noObscure ? 'never' : 'auto',
    all: o.all,
    nonInteractive: o.nonInteractive,
    continues: o.continue ? { state: o.state, result: o.result } : undefined,
  }
}

/** Prints what `config show` does, or what a program goes on with. */
export async function printSetUp(
  name: string,
  reply: Reply,
  { out, openDeps, options: o }: Pick<Invocation<typeof setUpOptions>, 'out' | 'openDeps' | 'options'>,
): Promise<void> {
  if (o.nonInteractive || o.continue) {
    const { replyJson } = await import('../config/dialogue/reply-json.ts')
    out.text(replyJson(reply))
    return
  }
  if (o.noOutput) return
  const { describeRemote } = await import('../config/show.ts')
  for (const line of await describeRemote(name, await openDeps())) out.line(line)
}
