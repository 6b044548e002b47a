import type { Context } from '../core/context.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Source } from '../core/source.ts'
import { sourceFromBytes } from '../core/source.ts'
import type { ByteStream } from '../core/stream.ts'
import { collect } from '../core/stream.ts'
import type { Time } from '../core/time.ts'
import { abortable } from '../util/abortable.ts'
import type { MetadataOptions } from './carry-metadata.ts'
import { metadataOfNew } from './carry-metadata.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import { limited } from './paced.ts'

/** Up to here content is read before it is sent, so that it can be sent again. */
const usualCutoff = 100 * 1024

export interface RcatOptions extends MetadataOptions {
  readonly modified: Time
  /** Bytes that must come; undefined where that is not known. */
  readonly size?: number | undefined
  /** Bytes that are kept in memory to be sent again (`--streaming-upload-cutoff`). Default 100 KiB. */
  readonly cutoff?: number | undefined
  readonly gate?: Gate | undefined
}

/**
 * Writes what a stream gives, which can be read only once, to a file (rclone's surface §1.4). A dry run reads it all the same.
 * @throws StorageError 'corrupt' where another size came than was promised: nothing is left then
 */
export async function rcat(
  ctx: Context,
  dest: Location & { readonly file: string },
  stream: ByteStream,
  o: RcatOptions,
): Promise<void> {
  const path = dest.file
  const pipe = countedPipe(limited(ctx, 'up', stream), ctx.signal)
  ctx.report({ type: 'transfer-planned', path, size: o.size })
  ctx.report({ type: 'transfer-started', path, size: o.size })
  let failed = true
  try {
    if ((await (o.gate ?? openGate)({ action: 'upload from pipe', object: path })) === 'do') {
      await write(ctx, dest, pipe, o)
    } else await pipe.drain()
    failed = false
  } finally {
    await pipe.close()
    ctx.report({ type: 'transfer-done', path, size: pipe.bytes(), failed })
  }
}

async function write(
  ctx: Context,
  dest: Location & { readonly file: string },
  pipe: Pipe,
  o: RcatOptions,
): Promise<void> {
  const { remote, path, file } = dest
  const target = join(path, file)
  const { size: promised } = o
  try {
    const source = await toSource(pipe.stream, o)
    await remote.write(target, source, {
      metadata: metadataOfNew(ctx, dest, { path: target, size: source.size, modified: o.modified, piped: true }, o),
      signal: ctx.signal,
      onProgress: (position) => ctx.report({ type: 'transfer-progress', path: file, position }),
    })
  } catch (thrown) {
    ctx.signal.throwIfAborted()
    const wrong = promised !== undefined && pipe.bytes() !== promised && isStorageError(thrown, 'corrupt', 'changed')
    const error = wrong ? await otherSize(promised) : thrown
    ctx.log.log({ level: 'ERROR', object: file, text: messageOf(error) })
    throw error
  }

  /** All is read, so that who writes to the pipe can finish; the directory stays, as that of a file that was removed. */
  async function otherSize(wanted: number): Promise<StorageError> {
    await pipe.drain()
    const { description, partialUploads } = remote.facts(path)
    if (partialUploads) await remote.mkdir(path, { signal: ctx.signal })
    const text = `corrupted on transfer: sizes differ src ${wanted} vs dst(${description}) ${pipe.bytes()}`
    return new StorageError('corrupt', text, { details: { path: target } })
  }
}

/** What is short is kept in memory; the rest streams, once. */
async function toSource(stream: ByteStream, { modified, size, cutoff = usualCutoff }: RcatOptions): Promise<Source> {
  const chunks: Uint8Array[] = []
  const rest = stream[Symbol.asyncIterator]()
  let length = 0
  while (length <= cutoff) {
    const next = await rest.next()
    if (next.done) return { ...sourceFromBytes(await collect(these(chunks)), { modified }), size: size ?? length }
    chunks.push(next.value)
    length += next.value.length
  }
  let read = false
  return {
    size,
    modified,
    known: {},
    // To compute it would use up the only reading
    hash: () => Promise.resolve(undefined),
    async *stream(range = {}) {
      if (read || (range.offset ?? 0) > 0) throw readTwice()
      read = true
      yield* chunks.splice(0)
      yield* { [Symbol.asyncIterator]: () => rest }
    },
  }
}

function readTwice(): StorageError {
  return new StorageError('io', 'what comes through a pipe can be sent only once', {
    retry: 'given-up',
    details: { hint: 'Save it to a file and copy that.' },
  })
}

/** A stream that counts, and that goes on where a reader has stopped. */
interface Pipe {
  readonly stream: ByteStream
  bytes(): number
  /** Reads what is left. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** An abort does not wait for who writes to it. */
function countedPipe(stream: ByteStream, signal: AbortSignal): Pipe {
  const chunks = stream[Symbol.asyncIterator]()
  let bytes = 0
  const counted: ByteStream = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const chunk = await abortable(chunks.next(), signal)
        if (!chunk.done) bytes += chunk.value.length
        return chunk
      },
    }),
  }
  return {
    stream: counted,
    bytes: () => bytes,
    async drain() {
      for await (const _ of counted) {
        // only counted
      }
    },
    async close() {
      const closed = chunks.return?.()
      if (closed) await abortable(closed, signal).catch(() => undefined)
    },
  }
}

async function* these(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve(chunks)
}
