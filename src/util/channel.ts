/**
 * What `produce` emits, while it runs beside its reader.
 * @param ahead how many items may wait for the reader; then `emit` waits for room
 * @param weigh how many an item counts for
 * @param produce its error is thrown to the reader after the items before it; `emit` rejects once nobody reads any more,
 * and what `produce` then throws is dropped
 */
export async function* channel<T>(
  ahead: number,
  produce: (emit: (item: T) => Promise<void>) => Promise<void>,
  weigh: (item: T) => number = () => 1,
): AsyncGenerator<T> {
  const items: { readonly value: T }[] = []
  const writers: (() => void)[] = []
  const state: { closed: boolean; waiting: number; end?: { readonly failure?: { readonly error: unknown } } } = {
    closed: false,
    waiting: 0,
  }
  let wakeReader: (() => void) | undefined

  const emit = async (value: T): Promise<void> => {
    while (state.waiting >= ahead && !state.closed) await new Promise<void>((resolve) => writers.push(resolve))
    if (state.closed) throw new Error('the reader has left')
    items.push({ value })
    state.waiting += weigh(value)
    wakeReader?.()
  }
  const run = async (): Promise<void> => {
    try {
      await produce(emit)
      state.end = {}
    } catch (error) {
      state.end = { failure: { error } }
    }
    wakeReader?.()
  }
  const produced = run()

  try {
    for (;;) {
      const item = items.shift()
      if (item) {
        state.waiting -= weigh(item.value)
        writers.shift()?.()
        yield item.value
      } else if (state.end) {
        if (state.end.failure) throw state.end.failure.error
        return
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
    }
  } finally {
    state.closed = true
    for (const wake of writers) wake()
    await produced
  }
}
