import type { Bandwidth, Context } from '../core/context.ts'
import type { ByteStream } from '../core/stream.ts'

/**
 * Waits until bytes may pass.
 * @returns how many of them may, at least one
 * @throws StorageError 'transfer-limit' where none may
 */
export type Pace = (bytes: number, signal: AbortSignal | undefined) => Promise<number>

/** A limit that bytes pass, and on which way. */
export interface Gateway {
  readonly limit: Bandwidth
  readonly way: 'up' | 'down'
}

/**
 * Bytes pass no faster than any of the limits, evenly.
 * @param share how many of so many bytes may pass at all
 */
export function paceOf(gateways: readonly Gateway[], share = (bytes: number): number => bytes): Pace {
  return async (bytes, signal) => {
    const passing = share(Math.min(bytes, ...gateways.map(({ limit, way }) => limit.most(way))))
    for (const { limit, way } of gateways) await limit.take(way, passing, signal)
    return passing
  }
}

/** The bytes of `stream` as they may pass; where a limit cuts them off, those before it still come. */
export async function* paced(stream: ByteStream, pace: Pace | undefined, signal: AbortSignal | undefined): ByteStream {
  for await (const chunk of stream) {
    for (let rest = chunk; rest.length > 0;) {
      const passing = pace ? await pace(rest.length, signal) : rest.length
      yield rest.subarray(0, passing)
      rest = rest.subarray(passing)
    }
  }
}

/** What is read or sent by itself, under the bandwidth limit of the run. */
export function limited({ limits, signal }: Context, way: 'up' | 'down', stream: ByteStream): ByteStream {
  return paced(stream, paceOf([{ limit: limits.bandwidth, way }]), signal)
}
