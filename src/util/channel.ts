/**
 * What `produce` emits, while it runs beside its reader.
 * @param ahead how many items may wait for the reader; then `emit` waits for room
 * @param produce its error is thrown to the reader after the items before it; `emit` rejects once nobody reads any more,
 * and what `produce` then throws is dropped
 */
export async function* channel<T>(
  ahead: number,
  produce: (emit: (item: T) => Promise<void>) => Promise<void>,
): AsyncGenerator<T> {
  const items: { readonly value: T }[] = []
  const writers: (() => void)[] = []
  let wakeReader: (() => void) | undefined
  let end: { readonly failure?: { readonly error: unknown } } | undefined
  let closed = false

  const emit = async (value: T): Promise<void> => {
    while (items.length >= ahead && !closed) await new Promise<void>((resolve) => writers.push(resolve))
    if (closed) throw new Error('the reader has left')
    items.push({ value })
    wakeReader?.()
  }
  const produced = produce(emit)
    .then(
      () => ({}),
      (error: unknown) => ({ failure: { error } }),
    )
    .then((outcome) => {
      end = outcome
      wakeReader?.()
    })

  try {
    for (;;) {
      const item = items.shift()
      if (item) {
        writers.shift()?.()
        yield item.value
      } else if (end) {
        if (end.failure) throw end.failure.error
        return
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
    }
  } finally {
    closed = true
    for (const wake of writers) wake()
    await produced
  }
}
