import type { Opening } from './open.ts'

/** How long cleaning up may take after a signal, in milliseconds. */
const cleanupDeadline = 5000

/**
 * Waits for `running`; after an abort only so long as cleaning up may take, and for a token that is being renewed: an answer
 * that is not stored would end the login.
 * @throws the signal's reason then
 */
export async function beforeDeadline<T>(
  running: Promise<T>,
  signal: AbortSignal,
  opening: Pick<Opening, 'renewed'>,
): Promise<T> {
  const settled = new AbortController()
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => void opening.renewed().finally(() => reject(signal.reason))
    const startClock = (): void => {
      const timer = setTimeout(giveUp, cleanupDeadline)
      settled.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    }
    signal.addEventListener('abort', startClock, { once: true, signal: settled.signal })
  })
  try {
    return await Promise.race([running, late])
  } finally {
    settled.abort()
  }
}
