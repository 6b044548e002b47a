/** A request to the control interface that makes no sense; the message says why. */
export class ControlError extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.name = 'ControlError'
    this.status = status
  }
}
