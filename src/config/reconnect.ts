import { StorageError } from '../core/errors.ts'
import { envName, remoteEnvName } from '../options/names.ts'
import { answerVariable, isLoginAnswer, type Parameters } from './dialogue/answers.ts'
import { createDraft } from './dialogue/draft.ts'
import { startStates } from './dialogue/machine.ts'
import { runUnattended, runWithPerson } from './dialogue/runs.ts'
import { prepare, type SetUpDeps } from './dialogue/set-up.ts'
import { findRemote, type RemoteSection } from './remote-section.ts'

/**
 * Logs a remote in again: its device, mountpoint and options stay, and so does its old login until the new one is there.
 * @param parameters answers to the questions of the login
 * @throws StorageError 'usage' for a remote that there is not, or whose kind has no login; whatever the login throws, the
 * config then unchanged
 */
export async function reconnectRemote(name: string, parameters: Parameters, deps: SetUpDeps): Promise<void> {
  await deps.config.refresh()
  const found = findRemote(deps.config, deps.environment, name)
  if (!found) throw new StorageError('usage', `didn't find section in config file ("${name}")`)
  const wrong = Object.keys(parameters).find((key) => !key.startsWith('config_'))
  if (wrong !== undefined) {
    throw new StorageError('usage', `"${wrong}" is no answer of a login`, {
      details: { hint: `Set options with "fjord config update ${name} ${wrong}=…".` },
    })
  }
  const draft = createDraft({ name: found.name, stored: found.stored, replaces: false }, deps.config)
  const setUp = { draft, type: found.type, parameters, how: 'never', endsWithLogin: true } as const
  const { machine, hasLogin } = await prepare(setUp, deps)
  if (!hasLogin) throw new StorageError('usage', "backend doesn't support reconnect or authorize")
  warnOfGivenToken(found, deps)
  const run = deps.terminal.interactive || !isAnswered(parameters, deps) ? runWithPerson : runUnattended
  await run(machine, startStates.conversation, deps.terminal)
  await draft.save({ signal: deps.signal })
}

function warnOfGivenToken({ name, type }: RemoteSection, { environment, log }: SetUpDeps): void {
  const variable = [remoteEnvName(name, 'token'), envName(`${type}-token`)].find((one) => environment[one])
  if (variable === undefined) return
  log.log({ level: 'NOTICE', text: `The token in ${variable} goes before a new login: unset that variable` })
}

/** Whether more is given than how to log in: then the rest is not waited for in a pipe. */
function isAnswered(parameters: Parameters, { environment }: SetUpDeps): boolean {
  const given = Object.keys(environment).filter(
    (variable) => variable.startsWith(answerVariable) && environment[variable],
  )
  const names = given.map((variable) => `config_${variable.slice(answerVariable.length).toLowerCase()}`)
  return [...Object.keys(parameters), ...names].some((name) => isLoginAnswer(name) && name !== 'config_type')
}
