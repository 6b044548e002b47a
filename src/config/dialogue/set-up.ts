import { isStorageError, StorageError } from '../../core/errors.ts'
import { formatTokenBlob } from '../../core/token-blob.ts'
import type { Conversation } from '../../options/conversation.ts'
import { goQuote } from '../../options/go-syntax.ts'
import { configKey } from '../../options/names.ts'
import { isObscured, obscure } from '../../options/obscure.ts'
import type { OptionSpecs } from '../../options/option.ts'
import type { RemoteDefinition } from '../../options/remote-definition.ts'
import { aliasOptions, loadDefinition, optionsOfType, sectionOptions } from '../definitions.ts'
import type { OpenDeps } from '../open.ts'
import { optionsOf } from '../options-of.ts'
import type { Terminal } from '../terminal.ts'
import { createAnswers, type Parameters } from './answers.ts'
import { answerPrefix, type Draft } from './draft.ts'
import { createMachine, type Machine } from './machine.ts'

/** What setting up a remote needs. */
export interface SetUpDeps extends OpenDeps {
  readonly terminal: Terminal
}

/** Whether a password among the parameters is to be obscured; 'auto': unless it can be revealed. */
export type ObscureWhen = 'auto' | 'always' | 'never'

/** A section that is about to be set up. */
export interface SetUp {
  readonly draft: Draft
  readonly type: string
  readonly parameters: Parameters
  readonly how: ObscureWhen
  /** Only the login is made, and the rest left alone. */
  readonly endsWithLogin?: boolean
}

/** What runs it. */
export interface Prepared {
  readonly draft: Draft
  readonly machine: Machine
  /** Whether this kind of remote has a login. */
  readonly hasLogin: boolean
  /** The state behind the login, where device and mountpoint are chosen; undefined where there is none. */
  afterLogin(): string | undefined
}

// rclone's name of that state (docs: rclone's surface 7.5)
const stateAfterLogin = 'choose_device'

/**
 * Puts the parameters into the draft and makes the machine that asks for the rest.
 * @throws StorageError 'usage' for an unknown type
 */
export async function prepare(setUp: SetUp, deps: SetUpDeps): Promise<Prepared> {
  const { draft, type, parameters } = setUp
  const definition = type === 'alias' ? undefined : await knownDefinition(type, deps)
  const specs = sectionOptions(definition?.options ?? aliasOptions)
  for (const [key, value] of Object.entries(storedKeys(setUp, specs))) draft.set(key, value)
  const conversation = definition && conversationOf(definition, setUp, deps)
  const machine = createMachine({
    specs,
    conversation,
    draft,
    answers: createAnswers(parameters, deps),
    endsWithLogin: setUp.endsWithLogin === true,
    beforeLogin: () => requireWritable(deps),
    signal: deps.signal,
  })
  return {
    draft,
    machine,
    hasLogin: conversation !== undefined,
    afterLogin: () => (Object.hasOwn(conversation?.() ?? {}, stateAfterLogin) ? stateAfterLogin : undefined),
  }
}

/** What of a section belongs to its login: everything but the options, and of those the sensitive ones. */
export async function loginKeysOf(
  stored: Readonly<Record<string, string>>,
  { table }: OpenDeps,
): Promise<Readonly<Record<string, string>>> {
  const options = Object.entries((await optionsOfType(stored['type'] ?? '', table)) ?? {})
  const plain = new Set(options.filter(([, { sensitive }]) => sensitive !== true).map(([key]) => configKey(key)))
  return Object.fromEntries(Object.entries(stored).filter(([key]) => key !== 'type' && !plain.has(key)))
}

async function knownDefinition(type: string, { table }: OpenDeps): Promise<RemoteDefinition> {
  try {
    return await loadDefinition(type, table)
  } catch (error) {
    if (!isStorageError(error, 'unsupported')) throw error
    throw new StorageError('usage', `couldn't find backend for type ${goQuote(type)}`, { cause: error })
  }
}

function storedKeys({ parameters, how }: SetUp, specs: OptionSpecs): Parameters {
  const passwords = new Set(
    Object.keys(specs)
      .filter((key) => specs[key]?.password)
      .map(configKey),
  )
  const stored = Object.entries(parameters).filter(([key]) => !key.startsWith(answerPrefix))
  return Object.fromEntries(
    stored.map(([key, value]) => {
      const plain = how === 'always' || (how === 'auto' && !isObscured(value))
      return [key, passwords.has(key) && value !== '' && plain ? obscure(value) : value]
    }),
  )
}

function conversationOf(
  definition: RemoteDefinition,
  { draft, type, parameters }: SetUp,
  deps: OpenDeps,
): (() => Conversation) | undefined {
  const { log, http, tempDir, signal, now, flags, environment } = deps
  const env = { log, http, tempDir, signal, now }
  const sources = { type, name: draft.name, parameters: {}, flags, environment }
  const options = (): ReturnType<typeof optionsOf> =>
    optionsOf(definition.options, { ...sources, stored: draft.values() })
  if (definition.conversation) return () => definition.conversation?.(env, options()) ?? {}
  if (!definition.login) return undefined
  return () => ({
    async ''(turn) {
      const login = await definition.login?.({ ...draft.values(), ...parameters }, options(), env)
      if (!login) return { done: true }
      for (const [key, value] of Object.entries(login.keys)) turn.set(key, value)
      turn.set('token', formatTokenBlob(login.token))
      return { done: true }
    },
  })
}

/** More bytes than a login takes, also in an encrypted file. */
const roomForLogin = 32_768

/** A login can be made only once with what the user has at hand: that it can be stored is found out before. */
async function requireWritable({ config }: OpenDeps): Promise<void> {
  if (config.path !== undefined) await config.locked(({ ini, replace }) => replace(ini, roomForLogin))
}
