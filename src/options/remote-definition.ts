import type { RemoteEnv } from '../core/env.ts'
import type { Remote } from '../core/remote.ts'
import type { Token } from '../core/token.ts'
import type { Conversation } from './conversation.ts'
import type { OptionSpecs, ValuesOf } from './option.ts'

/** What a login gives: the token, and the keys that go into the config section with it. */
export interface LoginResult {
  readonly token: Token
  readonly keys: Readonly<Record<string, string>>
}

/** A command that one kind of remote has. */
export interface RemoteCommand {
  readonly name: string
  readonly summary: string
  readonly help: string
  /** What each of its options does. */
  readonly options: Readonly<Record<string, string>>
}

/** A kind of remote: what can be set on it, and how it is opened. */
export interface RemoteDefinition<O extends OptionSpecs = OptionSpecs> {
  /** The `type` in the config file. */
  readonly type: string
  readonly summary: string
  readonly options: O
  /** What {@link Remote.command} understands. */
  readonly commands?: readonly RemoteCommand[]
  /**
   * Opens the account or disk; the root of an argument is not part of it. No request is made before it is needed.
   * @param name the remote's name in the config
   * @param section the config section as stored, for keys that are no options (tokenURL, configVersion)
   */
  open(name: string, options: ValuesOf<O>, env: RemoteEnv, section: Readonly<Record<string, string>>): Promise<Remote>
  /**
   * Logs in with the answers of `config create` (keys starting with config_) and gives what to store.
   * Undefined where the answers ask for no login.
   */
  login?(
    answers: Readonly<Record<string, string>>,
    options: ValuesOf<O>,
    env: RemoteEnv,
  ): Promise<LoginResult | undefined>
  /** The questions that set up a login and what goes with it, beginning with the state ''. */
  conversation?(env: RemoteEnv, options: ValuesOf<O>): Conversation
  /**
   * Logs in in the browser of this machine, for another one.
   * @param service which of several services, as its conversation would be told; '' is the usual one
   * @returns one line of text that the conversation on the other machine takes
   */
  authorize?(service: string, options: ValuesOf<O>, env: RemoteEnv): Promise<string>
}
