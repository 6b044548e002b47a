import type { Store } from './state/store.ts'
import type { AccountSettings } from './state/world.ts'

/** The account as the operator of the service sees it. */
export interface Account {
  settings(): AccountSettings
  /** Changes some settings; they are kept with the state. */
  set(changes: Partial<AccountSettings>): void
}

/** Gives access to the settings of an account. */
export function createAccount(store: Store): Account {
  return {
    settings: () => store.world.settings,
    set: (settings) => store.commit({ op: 'settings', settings }),
  }
}
