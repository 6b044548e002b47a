/** Reads lines one at a time. */
export interface LineReader {
  /** The next line without its end; undefined when there is none any more. */
  next(): Promise<string | undefined>
}

/** Reads `bytes` line by line, and no further than has been asked for; what follows the last line end is a line too. */
export function createLineReader(bytes: AsyncIterable<Uint8Array>): LineReader {
  const decoder = new TextDecoder()
  const chunks = bytes[Symbol.asyncIterator]()
  let buffered = ''
  let ended = false
  return {
    async next() {
      for (;;) {
        const end = buffered.indexOf('\n')
        if (end !== -1) {
          const line = buffered.slice(0, end)
          buffered = buffered.slice(end + 1)
          return line.replace(/\r$/, '')
        }
        if (ended) {
          const rest = buffered
          buffered = ''
          return rest === '' ? undefined : rest
        }
        const chunk = await chunks.next()
        ended = chunk.done === true
        buffered += chunk.done ? decoder.decode() : decoder.decode(chunk.value, { stream: true })
      }
    },
  }
}
