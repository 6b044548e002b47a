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
  let failure: { readonly error: unknown } | undefined
  let running = 0
  let wake: (() => void) | undefined

  const start = async (item: T): Promise<void> => {
    running++
    try {
      ready.push(await visit(item))
    } catch (error) {
      failure ??= { error }
    } finally {
      running--
      wake?.()
    }
  }
  const startWhatFits = (): void => {
    while (!failure && running + ready.length < limit) {
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
      if (visited) pending.push(...visited.next.toReversed())
      startWhatFits()
      if (visited) yield visited.result
      else if (failure) throw failure.error
      else if (running === 0) return
      else await settled()
    }
  } finally {
    while (running > 0) await settled()
  }
}
