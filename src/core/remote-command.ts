/** A command that one kind of remote has, as its help shows it. */
export interface RemoteCommand {
  readonly name: string
  readonly summary: string
  readonly help: string
  /** What each of its options does. */
  readonly options: Readonly<Record<string, string>>
}

/** What such a command is given. */
export interface CommandWords {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string>>
}
