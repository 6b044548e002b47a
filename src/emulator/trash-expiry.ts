import type { Store } from './state/store.ts'
import { oldestDeletion } from './state/trashed.ts'

// docs/protocol.md §6.1.
const KEPT_MS = 30 * 24 * 3600 * 1000

/** Removes what has been in the trash for 30 days, when somebody asks. */
export interface TrashExpiry {
  /** Costs nothing until the next deletion can be old enough. */
  sweep(): void
  /** The clock may have gone back: what is known about the next deletion is void. */
  reset(): void
}

/** Makes the sweep of a store. */
export function createTrashExpiry(
  store: Store,
  dialect: () => { readonly revisionAfterHardDelete: string },
): TrashExpiry {
  let next = -Infinity
  return {
    sweep() {
      const now = store.now()
      if (now < next) return
      const oldest = oldestDeletion(store.world.devices)
      if (oldest !== undefined && oldest <= now - KEPT_MS) {
        const remember = dialect().revisionAfterHardDelete === 'continues' ? ({ remember: true } as const) : {}
        store.commit({ op: 'purge', at: now, before: now - KEPT_MS, ...remember })
      }
      // Whatever is deleted from now on expires later than this.
      next = Math.min(now, oldestDeletion(store.world.devices) ?? now) + KEPT_MS
    },
    reset() {
      next = -Infinity
    },
  }
}
