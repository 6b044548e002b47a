import type { Option } from './option.ts'

/** A question of a configuration; rclone's names, so that an answer given as a parameter finds it. */
export interface Question {
  /** E.g. 'config_type', 'config_login_token'; a parameter of that name answers it unasked. */
  readonly name: string
  readonly help: string
  /** What Enter takes; the type says how it is read and shown. */
  readonly option: Option<unknown>
  /** What to choose from. */
  readonly examples?: readonly { readonly value: string; readonly help: string }[]
  /** Only an example may be answered. */
  readonly exclusive?: boolean
  /** Asked without echo, answered in clear. */
  readonly password?: boolean
}

/** What a state of a conversation gives: a question and the state that takes its answer, another state at once, or the end. */
export type Step =
  | { readonly ask: Question; readonly next: string }
  /** `error`: said before going on, such as a wrong password before it is asked again; `hint`: what can be done about it. */
  | { readonly goto: string; readonly error?: string; readonly hint?: string | undefined }
  | { readonly done: true }

/** What a state may use. */
export interface Turn {
  /** The answer to the question that led here; '' at the beginning. */
  readonly answer: string
  /** Keys of the config section so far. */
  get(key: string): string | undefined
  /** Sets a key of the section; '' keeps an empty one. It is saved when the conversation pauses or ends. */
  set(key: string, value: string): void
  /** Takes a key out of the section again; who cannot do that leaves an empty one. */
  unset?(key: string): void
  readonly signal: AbortSignal
}

/**
 * The questions of one kind of remote as states, named as rclone's so that its front ends can drive it (rclone's surface §7.5).
 * The dialogue runs them in a loop; the non-interactive machine runs one state a call, with everything between calls in the
 * state's name and the config section.
 */
export type Conversation = Readonly<Record<string, (turn: Turn) => Promise<Step>>>
