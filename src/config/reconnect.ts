import { StorageError } from '../core/errors.ts'
import type { Parameters } from './dialogue/answers.ts'
import { createDraft } from './dialogue/draft.ts'
import { startStates } from './dialogue/machine.ts'
import { runWithPerson } from './dialogue/runs.ts'
import { prepare, type SetUpDeps } from './dialogue/set-up.ts'
import { findRemote } from './remote-section.ts'

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
  await runWithPerson(machine, startStates.conversation, deps.terminal)
  await draft.save({ signal: deps.signal })
}
