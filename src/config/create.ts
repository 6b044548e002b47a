import { StorageError } from '../core/errors.ts'
import { answerVariable, isLoginAnswer, type Parameters } from './dialogue/answers.ts'
import { createDraft } from './dialogue/draft.ts'
import { type Reply, startStates } from './dialogue/machine.ts'
import { runUnattended } from './dialogue/runs.ts'
import { loginKeysOf, type ObscureWhen, prepare, type Prepared, type SetUpDeps } from './dialogue/set-up.ts'
import { loginState } from './login-state.ts'
import { requireRemoteName } from './remote-name.ts'

export type { Parameters } from './dialogue/answers.ts'

/** How a remote is made or changed. */
export interface CreateOptions {
  /** 'auto': a password that can be revealed is taken for an obscured one (docs: rclone's surface 7.4). */
  readonly obscure?: ObscureWhen
  /** A stored login that works is left alone. */
  readonly keepLogin?: boolean
  /** Every option is asked for, too. */
  readonly all?: boolean
  /** Nothing is answered by itself: the first question is the result. */
  readonly nonInteractive?: boolean
  /** Goes on with the answer to the question of a state. */
  readonly continues?: { readonly state: string; readonly result: string } | undefined
}

/**
 * The arguments `k v` and `k=v` of `config create` and `config update`.
 * @throws StorageError 'usage' in rclone's words
 */
export function parseParameters(args: readonly string[]): Parameters {
  const parameters: Record<string, string> = {}
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const equals = arg.indexOf('=')
    const value = equals === -1 ? args[++at] : arg.slice(equals + 1)
    if (value === undefined) throw new StorageError('usage', 'found key without value')
    const key = equals === -1 ? arg : arg.slice(0, equals)
    if (/[\r\n]/.test(key + value)) {
      throw new StorageError('usage', 'update remote: invalid key or value contains \\n or \\r')
    }
    if (key !== '') parameters[key] = value
  }
  return parameters
}

/**
 * Makes a remote, or replaces the one of that name, with a login where its kind needs one.
 * @returns where it stands: 'done', but for `nonInteractive` and `continues`
 * @throws StorageError 'usage' for a bad name or an unknown type; whatever the login throws, the config then unchanged
 */
export async function createRemote(
  remote: { readonly name: string; readonly type: string; readonly parameters: Parameters },
  deps: SetUpDeps,
  options: CreateOptions = {},
): Promise<Reply> {
  const { name, type, parameters } = remote
  if (options.continues) return await updateRemote(remote, deps, options)
  requireRemoteName(name, deps.platform)
  if (type === '') throw untyped()
  await deps.config.refresh()
  const keeps =
    options.keepLogin === true && deps.config.get(name)?.['type'] === type && (await loginState(name, deps)) === 'alive'
  const kept = keeps ? await loginKeysOf(deps.config.get(name) ?? {}, deps) : {}
  const draft = createDraft({ name, stored: { type, ...kept }, replaces: true }, deps.config)
  draft.set('type', type)
  const prepared = await prepare({ draft, type, parameters, how: options.obscure ?? 'auto' }, deps)
  return await run(prepared, keeps ? prepared.afterLogin() : createStart(parameters), deps, options)
}

/**
 * Changes keys of a remote and keeps the rest. Its login is made again only where the parameters ask for one and the stored one
 * no longer works, or with config_refresh_token=true.
 * @throws StorageError 'usage' in rclone's words where there is no such remote
 */
export async function updateRemote(
  remote: { readonly name: string; readonly parameters: Parameters },
  deps: SetUpDeps,
  options: CreateOptions = {},
): Promise<Reply> {
  const { name, parameters } = remote
  requireRemoteName(name, deps.platform)
  await deps.config.refresh()
  const type = deps.config.get(name)?.['type']
  if (!type) throw untyped()
  const part = await loginPart({ name, parameters, deps, options })
  const stored = deps.config.get(name) ?? {}
  const draft = createDraft({ name, stored, replaces: false }, deps.config)
  const prepared = await prepare({ draft, type, parameters, how: options.obscure ?? 'auto' }, deps)
  const start = part === 'login' ? startStates.conversation : part === 'place' ? prepared.afterLogin() : undefined
  return await run(prepared, start, deps, options)
}

/** rclone's words where no section of that name has a type. */
export function untyped(): StorageError {
  return new StorageError('usage', "couldn't find type field in config")
}

function createStart(parameters: Parameters): string | undefined {
  const hasToken = Boolean(parameters['token']) && !Object.keys(parameters).some(isLoginAnswer)
  return hasToken || parameters['config_refresh_token'] === 'false' ? undefined : startStates.conversation
}

interface Update {
  readonly name: string
  readonly parameters: Parameters
  readonly deps: SetUpDeps
  readonly options: CreateOptions
}

/** What of a login is made again by an update: all of it, only the choice of device and mountpoint behind it, or nothing. */
async function loginPart({ name, parameters, deps, options }: Update): Promise<'nothing' | 'login' | 'place'> {
  const refresh = parameters['config_refresh_token']
  if (refresh === 'false') return 'nothing'
  if (refresh === 'true' || options.nonInteractive === true) return 'login'
  const given = Object.keys(deps.environment).some((variable) => variable.startsWith(answerVariable))
  if (!given && !Object.keys(parameters).some(isLoginAnswer)) return 'nothing'
  if ((await loginState(name, deps)) === 'dead') return 'login'
  return parameters['config_non_standard'] === undefined ? 'nothing' : 'place'
}

async function run(
  { machine, draft }: Prepared,
  start: string | undefined,
  { terminal, signal }: SetUpDeps,
  { all, nonInteractive, continues }: CreateOptions,
): Promise<Reply> {
  const first = all === true ? startStates.options : start
  if (continues !== undefined || nonInteractive === true) {
    const { state, result } = continues ?? { state: first, result: '' }
    const reply: Reply = state === undefined ? { kind: 'done' } : await machine.step(state, result)
    await draft.save({ signal })
    return reply
  }
  if (first !== undefined) await runUnattended(machine, first, terminal)
  await draft.save({ signal })
  return { kind: 'done' }
}
