import { abortable } from '../../util/abortable.ts'

/** The user name of the account, which every address begins with. */
export interface User {
  /** Asks the service once, for all who wait; a failure is asked again. */
  name(signal: AbortSignal | undefined): Promise<string>
  /** The name, where it has been asked for already. */
  readonly known: string | undefined
}

/** @param fetch asks the service; it is not aborted when one of those who wait is */
export function createUser(fetch: () => Promise<string>): User {
  let known: string | undefined
  let asked: Promise<string> | undefined

  const ask = async (): Promise<string> => {
    try {
      known = await fetch()
      return known
    } finally {
      asked = undefined
    }
  }

  return {
    async name(signal) {
      signal?.throwIfAborted()
      if (known !== undefined) return known
      asked ??= ask()
      return abortable(asked, signal)
    },
    get known() {
      return known
    },
  }
}
