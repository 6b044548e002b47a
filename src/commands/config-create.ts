import type { Command, Invocation } from '../cli/command.ts'
import { createRemote, parseAnswers } from '../config/create.ts'
import { showRemote } from '../config/show.ts'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'

const options = {
  obscure: option(bool, false, 'Obscure passwords, also those that look obscured'),
  noObscure: option(bool, false, 'Take passwords as obscured'),
  noOutput: option(bool, false, 'Print nothing'),
}

export const command: Command<typeof options> = {
  name: 'config create',
  summary: 'Make a remote, or replace one',
  usage: 'name type [key value]...',
  help: `Makes a remote of that name and type, or replaces the one there is. Options follow as "key value" or key=value.
Keys that begin with config_ answer the questions of a login and are not saved. For Jottacloud a personal login
token is needed, from the security page of the account; it can be used once.

    fjord config create jotta jottacloud config_type=standard config_login_token=TOKEN
    fjord config create photos alias remote=jotta:photos`,
  options,
  args: { min: 2, max: Number.POSITIVE_INFINITY },
  run: create,
}

async function create({
  args: [name = '', type = '', ...rest],
  openDeps,
  out,
  options: o,
}: Invocation<typeof options>): Promise<void> {
  if (o.obscure && o.noObscure) throw new StorageError('usage', "can't use --obscure and --no-obscure together")
  const deps = await openDeps()
  await createRemote({ name, type, answers: parseAnswers(rest) }, deps, {
    obscure: o.obscure ? 'always' : o.noObscure ? 'never' : 'auto',
  })
  if (o.noOutput) return
  for (const line of await showRemote(name, deps)) out.line(line)
}
