import type { Entry } from '../core/entry.ts'
import { isStorageError } from '../core/errors.ts'
import type { Reader } from '../core/remote.ts'
import type { ByteStream, CallOptions, Range } from '../core/stream.ts'
import type { Attempts, RetryOptions } from './attempts.ts'
import { createAttempts } from './attempts.ts'

/** A listing that starts over as long as it has given no page; after that an entry could come twice. */
export async function* retryPages(
  attempts: Attempts,
  list: () => AsyncIterable<readonly Entry[]>,
): AsyncGenerator<readonly Entry[]> {
  let given = false
  for (;;) {
    try {
      for await (const page of list()) {
        given = true
        yield page
      }
      return
    } catch (error) {
      if (given) throw error
      await attempts.failed(error)
    }
  }
}

/** A reader whose streams go on at the byte they reached. All are of one revision, so that nothing is mixed. */
export function retryReader(o: RetryOptions, reader: Reader): Reader {
  return {
    entry: reader.entry,
    stream: (range = {}, options = {}) => retryStream(o, reader, { range, options }),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  }
}

async function* retryStream(
  o: RetryOptions,
  reader: Reader,
  { range, options }: { readonly range: Range; readonly options: CallOptions },
): ByteStream {
  const attempts = createAttempts(o, reader.entry.path, options.signal)
  let passed = 0
  for (;;) {
    try {
      for await (const chunk of reader.stream(rest(range, passed), options)) {
        passed += chunk.length
        yield chunk
        attempts.progressed()
      }
      return
    } catch (error) {
      // bytes that were handed out and turned out wrong cannot be taken back: whoever used them has to begin anew
      if (passed > 0 && isStorageError(error, 'corrupt')) throw error
      await attempts.failed(error)
    }
  }
}

function rest(range: Range, passed: number): Range {
  if (passed === 0) return range
  const offset = (range.offset ?? 0) + passed
  return range.length === undefined ? { offset } : { offset, length: range.length - passed }
}
