/** Why everything was aborted: a signal, or the reader of standard output that went away. No failure of anything. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly exitCode: number

  constructor(reason: string, exitCode: number) {
    super(reason)
    this.exitCode = exitCode
  }
}
