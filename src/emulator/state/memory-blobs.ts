import type { Blobs, Part } from './blobs.ts'
import { generatedBytes } from './generated-content.ts'
import { createMd5, md5Of } from './md5.ts'

interface MemoryPart extends Part {
  readonly chunks: Uint8Array[]
}

/** Keeps all bytes in memory, in the buffers in which they arrived. */
export function memoryBlobs(): Blobs {
  const contents = new Map<string, readonly Uint8Array[]>()
  const parts = new Map<string, MemoryPart>()
  const generated = new Map<string, number>()
  return {
    generated,
    count: () => contents.size + parts.size,
    part(id, size) {
      const part = parts.get(id) ?? memoryPart(size)
      parts.set(id, part)
      return part
    },
    received: (id) => parts.get(id)?.received ?? 0,
    seal(id, key) {
      if (!contents.has(key)) contents.set(key, parts.get(id)?.chunks ?? [])
      generated.delete(key)
      parts.delete(id)
    },
    discard(id) {
      parts.get(id)?.drop()
      parts.delete(id)
    },
    put: (key, bytes) => void contents.set(key, [bytes]),
    generate: (key, size) => void (contents.has(key) || generated.set(key, size)),
    remove(key) {
      contents.delete(key)
      generated.delete(key)
    },
    read(key, start, end) {
      const size = generated.get(key)
      if (size !== undefined) return generatedBytes(size, start, end)
      const chunks = contents.get(key)
      if (chunks === undefined) throw new Error(`no content ${key}`)
      return slices(chunks, start, end)
    },
    keepOnly(keys, ids) {
      for (const key of contents.keys()) if (!keys.has(key)) contents.delete(key)
      for (const key of generated.keys()) if (!keys.has(key)) generated.delete(key)
      for (const id of parts.keys()) if (!ids.has(id)) parts.delete(id)
    },
  }
}

function memoryPart(size: number): MemoryPart {
  let md5 = createMd5(size)
  let isBehind = false
  let received = 0
  let chunks: Uint8Array[] = []
  return {
    get chunks() {
      return chunks
    },
    get received() {
      return received
    },
    append(chunk) {
      // A small view would keep the large buffer alive that it was cut from.
      chunks.push(chunk.byteLength * 2 < chunk.buffer.byteLength ? new Uint8Array(chunk) : chunk)
      received += chunk.byteLength
      return isBehind ? undefined : md5.update(chunk)
    },
    truncate(length) {
      md5.drop()
      chunks = [...slices(chunks, 0, length)]
      received = length
      isBehind = length > 0
      if (!isBehind) md5 = createMd5(size)
    },
    digest: () => (isBehind ? md5Of(chunks, received) : md5.digest()),
    pause: () => undefined,
    drop: () => md5.drop(),
  }
}

function* slices(chunks: readonly Uint8Array[], start: number, end: number): Generator<Uint8Array> {
  let at = 0
  for (const chunk of chunks) {
    if (at >= end) return
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, chunk.byteLength)
    if (from < to) yield from === 0 && to === chunk.byteLength ? chunk : chunk.subarray(from, to)
    at += chunk.byteLength
  }
}
