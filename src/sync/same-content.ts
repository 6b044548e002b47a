import { Buffer } from 'node:buffer'
import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Reader, Remote } from '../core/remote.ts'
import type { ByteStream } from '../core/stream.ts'
import { limited } from '../operations/paced.ts'

type FileAt = readonly [remote: Remote, entry: FileEntry]

/**
 * Whether two files hold the same bytes. Both are read side by side, at most to the first difference.
 * @param onProgress told how many bytes of each have been read
 * @throws StorageError 'changed', 'not-found' …
 */
export async function sameContent(
  ctx: Context,
  a: FileAt,
  b: FileAt,
  onProgress?: (position: number) => void,
): Promise<boolean> {
  const { signal } = ctx
  const open = ([remote, entry]: FileAt) => remote.open(entry.path, { signal, expect: entry })
  await using first = await open(a)
  await using second = await open(b)
  const read = (reader: Reader): ByteStream => limited(ctx, 'down', reader.stream({}, { signal }))
  return await sameStream(read(first), read(second), onProgress)
}

async function sameStream(a: ByteStream, b: ByteStream, onProgress?: (position: number) => void): Promise<boolean> {
  const other = b[Symbol.asyncIterator]()
  let position = 0
  let rest: Uint8Array = new Uint8Array()
  try {
    for await (const chunk of a) {
      onProgress?.((position += chunk.length))
      for (let at = 0; at < chunk.length;) {
        if (rest.length === 0) {
          const next = await other.next()
          if (next.done) return false
          rest = next.value
        }
        const length = Math.min(rest.length, chunk.length - at)
        if (Buffer.compare(rest.subarray(0, length), chunk.subarray(at, at + length)) !== 0) return false
        rest = rest.subarray(length)
        at += length
      }
    }
    while (rest.length === 0) {
      const next = await other.next()
      if (next.done) return true
      rest = next.value
    }
    return false
  } finally {
    await other.return?.()
  }
}
