/** The version of the journal that this program writes; it reads this and earlier ones. */
export const FORMAT = 1

/** Why a state folder cannot be opened. */
export type JournalFault = 'newer' | 'damaged' | 'missing' | 'names' | 'in-use'

/** A state folder cannot be opened as it is. Nothing in it was changed. */
export class JournalError extends Error {
  readonly fault: JournalFault

  constructor(fault: JournalFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'JournalError'
    this.fault = fault
  }
}
