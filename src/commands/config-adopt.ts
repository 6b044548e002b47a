import type { Command, Invocation } from '../cli/command.ts'
import { adoptRemote } from '../config/adopt.ts'
import { parseParameters } from '../config/create.ts'
import { setUpDeps, unseenHelp } from './config-set-up.ts'

export const command: Command = {
  name: 'config adopt',
  summary: 'Give a remote that another program uses too a login of its own',
  usage: 'remote: [name] [key=value]...',
  help: `Makes a second remote for the same account, with the same options, and logs it in by itself; the first one stays as it is. Its
name is that of the first with -fjord behind it, unless another is given.

A login cannot be shared by two programs on two machines, nor by copies of one config file: each refresh of its token spends
the one before, and when the other program then presents that, the service takes it for stolen and ends the login for both.
Personal login tokens come from the security page of the account; as many can be made as there are programs.

    fjord config adopt jotta:
    fjord config adopt jotta: jotta-nas config_login_token_file=token.txt

${unseenHelp}`,
  options: {},
  args: { min: 1, max: Number.POSITIVE_INFINITY },
  run: adopt,
}

async function adopt(invocation: Invocation): Promise<void> {
  const [typed = '', ...rest] = invocation.args
  const name = typed.replace(/:$/, '')
  const hasName = rest[0] !== undefined && !rest[0].includes('=')
  const deps = await setUpDeps(invocation)
  const parameters = parseParameters(hasName ? rest.slice(1) : rest)
  const as = await adoptRemote({ name, as: hasName ? rest[0]?.replace(/:$/, '') : undefined, parameters }, deps)
  invocation.out.line(
    `"${as}:" has a login of its own now: use it with fjord, and leave "${name}:" to the other program.`,
  )
  invocation.out.line('Two programs that share a login end it: each refresh spends the token that the other one holds.')
}
