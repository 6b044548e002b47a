import type { Dialect } from './dialect.ts'
import type { Naming } from './state/naming.ts'
import { setNaming, type Store } from './state/store.ts'

/** The dialect that is spoken, which can be changed while the emulator runs. */
export interface DialectSwitch {
  answers(): Dialect
  /**
   * Changes some answers.
   * @throws JournalError 'names' if names would become the same by other rules; then nothing is changed
   */
  set(changes: Partial<Dialect>): void
}

/** Makes the switch of a store whose names already follow the answers. */
export function createDialectSwitch(store: Store, answers: Dialect): DialectSwitch {
  let current = answers
  return {
    answers: () => current,
    set(changes) {
      const next = { ...current, ...changes }
      setNaming(store, namingOf(next))
      current = next
    },
  }
}

/** The part of a dialect that concerns names. */
export function namingOf({ caseFolding, normalisation, trashedSpelling }: Dialect): Naming {
  return { caseFolding, normalisation, trashedSpelling }
}
