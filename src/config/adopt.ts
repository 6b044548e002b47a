import { StorageError } from '../core/errors.ts'
import type { Parameters } from './dialogue/answers.ts'
import { createDraft } from './dialogue/draft.ts'
import { startStates } from './dialogue/machine.ts'
import { runUnattended, runWithPerson } from './dialogue/runs.ts'
import { loginKeysOf, prepare, type SetUpDeps } from './dialogue/set-up.ts'
import { requireRemoteName } from './remote-name.ts'
import { findRemote } from './remote-section.ts'

/** Which remote is to get a twin. */
export interface Adoption {
  readonly name: string
  /** The name of the new section; the old one with `-fjord` behind it where it is undefined. */
  readonly as?: string | undefined
  /** Answers to the questions of the login, which is one with a personal login token unless they say otherwise. */
  readonly parameters: Parameters
}

/**
 * Makes a second section for the account of a remote, with all its options and a login of its own. Two programs that share
 * one login end it: each refresh spends the token that the other one holds, and a spent token that is presented again ends
 * the login of both (docs/protocol.md §2.3).
 * @returns the name of the new section
 * @throws StorageError 'usage' for a remote that there is not, a kind without a login, or a name that is taken; whatever the
 * login throws, the config then unchanged
 */
export async function adoptRemote(adoption: Adoption, deps: SetUpDeps): Promise<string> {
  const { name, as = `${name}-fjord`, parameters } = adoption
  await deps.config.refresh()
  const found = findRemote(deps.config, deps.environment, name)
  if (!found) throw new StorageError('usage', `didn't find section in config file ("${name}")`)
  requireRemoteName(as, deps.platform)
  if (findRemote(deps.config, deps.environment, as)) {
    throw new StorageError('usage', `there is a remote "${as}" already`, {
      details: { hint: `Give another name: fjord config adopt ${name}: NAME` },
    })
  }
  const draft = createDraft({ name: as, stored: await optionsOf(found.stored, deps), replaces: true }, deps.config)
  draft.set('type', found.type)
  const answers = { config_type: 'standard', ...parameters }
  const setUp = { draft, type: found.type, parameters: answers, how: 'never', endsWithLogin: true } as const
  const { machine, hasLogin } = await prepare(setUp, deps)
  if (!hasLogin) throw new StorageError('usage', `"${name}" is of a kind that has no login`)
  const run = deps.terminal.interactive ? runWithPerson : runUnattended
  await run(machine, startStates.conversation, deps.terminal)
  await draft.save({ signal: deps.signal })
  return as
}

/** What of a section is not its login. */
async function optionsOf(stored: Parameters, deps: SetUpDeps): Promise<Parameters> {
  const login = await loginKeysOf(stored, deps)
  return { type: '', ...Object.fromEntries(Object.entries(stored).filter(([key]) => !Object.hasOwn(login, key))) }
}
