/** What a visit gives: something for the reader, and where to go from there. */
export interface Visited<T, R> {
  readonly result: R
  readonly next: readonly T[]
}

/**
 * Walks a tree with at most `limit` visits running or waiting for the reader, deepest first, so that what is left to visit
 * stays short. Results come in the order the visits end.
 * @param visit a failure ends the walk; it is thrown after those that run have settled
 */
export async function* explore<T extends object, R>(
  root: T,
  limit: number,
  visit: (item: T) => Promise<Visited<T, R>>,
): AsyncGenerator<R> {
  const pending: T[] = [root]
  const ready: Visited<T, R>[] = []
  const state: { running: number; failure?: { readonly error: unknown } } = { running: 0 }
  let wake: (() => void) | undefined

  const start = async (item: T): Promise<void> => {
    state.running++
    try {
      ready.push(await visit(item))
    } catch (error) {
      state.failure ??= { error }
    } finally {
      state.running--
      wake?.()
    }
  }
  const startWhatFits = (): void => {
    while (!state.failure && state.running + ready.length < limit) {
      const item = pending.pop()
      if (!item) return
      void start(item)
    }
  }
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })

  try {
    for (;;) {
      const visited = ready.shift()
      for (const item of visited?.next.toReversed() ?? []) pending.push(item)
      startWhatFits()
      if (visited) yield visited.result
      else if (state.failure) throw state.failure.error
      else if (state.running === 0) return
      else await settled()
    }
  } finally {
    while (state.running > 0) await settled()
  }
}
