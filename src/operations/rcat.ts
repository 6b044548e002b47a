import type { Context } from '../core/context.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Source } from '../core/source.ts'
import { sourceFromBytes } from '../core/source.ts'
import type { ByteStream } from '../core/stream.ts'
import { collect } from '../core/stream.ts'
import type { Time } from '../core/time.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'

/** Up to here content is read before it is sent, so that it can be sent again. */
const usualCutoff = 100 * 1024

export interface RcatOptions {
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
  const passed = { bytes: 0 }
  const counted = count(stream, passed)
  ctx.report({ type: 'transfer-planned', path, size: o.size })
  ctx.report({ type: 'transfer-started', path, size: o.size })
  let failed = true
  try {
    if ((await (o.gate ?? openGate)({ action: 'upload from pipe', object: path })) === 'do') {
      await write(ctx, dest, await toSource(counted, o), { passed, size: o.size })
    } else await drain(counted)
    failed = false
  } finally {
    ctx.report({ type: 'transfer-done', path, size: passed.bytes, failed })
  }
}

async function write(
  ctx: Context,
  { remote, path, file }: Location & { readonly file: string },
  source: Source,
  { passed, size }: { readonly passed: { readonly bytes: number }; readonly size: number | undefined },
): Promise<void> {
  const target = join(path, file)
  try {
    await remote.write(target, source, {
      signal: ctx.signal,
      onProgress: (position) => ctx.report({ type: 'transfer-progress', path: file, position }),
    })
  } catch (thrown) {
    ctx.signal.throwIfAborted()
    const error = size === undefined || passed.bytes === size ? thrown : otherSize(size, passed.bytes)
    ctx.log.log({ level: 'ERROR', object: file, text: messageOf(error) })
    throw error
  }

  function otherSize(promised: number, came: number): StorageError {
    const { description } = remote.facts(path)
    return new StorageError(
      'corrupt',
      `corrupted on transfer: sizes differ src ${promised} vs dst(${description}) ${came}`,
      { details: { path: target } },
    )
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

async function* count(stream: ByteStream, passed: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    passed.bytes += chunk.length
    yield chunk
  }
}

async function* these(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve(chunks)
}

async function drain(stream: ByteStream): Promise<void> {
  for await (const _ of stream) {
    // only counted
  }
}
