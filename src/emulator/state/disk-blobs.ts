import * as fs from 'node:fs'
import { join } from 'node:path'
import { makeDirs } from '../../util/make-dirs.ts'
import type { Blobs, Part } from './blobs.ts'
import { generatedBytes } from './generated-content.ts'
import { createMd5, md5Of } from './md5.ts'
import type { Md5 } from './md5-worker.ts'

const READ_SIZE = 1 << 20

/**
 * Keeps bytes in files: `blobs/<md5>-<size>` for contents, `parts/<upload id>` for unfinished uploads, whose length
 * is the resume position. Nothing is synced: the files survive the end of the process, not of the machine.
 */
export function diskBlobs(folder: string): Blobs {
  const blobFolder = join(folder, 'blobs')
  const partFolder = join(folder, 'parts')
  makeDirs(blobFolder)
  makeDirs(partFolder)
  const contents = new Set(fs.readdirSync(blobFolder))
  const parts = new Map(fs.readdirSync(partFolder).map((id) => [id, diskPart(join(partFolder, id), 0)]))
  const generated = new Map<string, number>()
  const discard = (id: string): void => {
    parts.get(id)?.drop()
    if (parts.delete(id)) fs.rmSync(join(partFolder, id), { force: true })
  }
  const remove = (key: string): void => {
    generated.delete(key)
    if (contents.delete(key)) fs.rmSync(join(blobFolder, key), { force: true })
  }
  return {
    generated,
    count: () => contents.size + parts.size,
    part(id, size) {
      const part = parts.get(id) ?? diskPart(join(partFolder, id), size)
      parts.set(id, part)
      return part
    },
    received: (id) => parts.get(id)?.received ?? 0,
    seal(id, key) {
      if (contents.has(key)) return discard(id)
      parts.get(id)?.pause()
      if (key.endsWith('-0')) fs.writeFileSync(join(blobFolder, key), '')
      else if (parts.has(id)) fs.renameSync(join(partFolder, id), join(blobFolder, key))
      else return
      contents.add(key)
      generated.delete(key)
      parts.delete(id)
    },
    discard,
    put(key, bytes) {
      fs.writeFileSync(join(partFolder, key), bytes)
      fs.renameSync(join(partFolder, key), join(blobFolder, key))
      contents.add(key)
    },
    generate: (key, size) => void (contents.has(key) || generated.set(key, size)),
    remove,
    read(key, start, end) {
      const size = generated.get(key)
      return size === undefined ? fileBytes(join(blobFolder, key), start, end) : generatedBytes(size, start, end)
    },
    keepOnly(keys, ids) {
      for (const key of [...contents, ...generated.keys()]) if (!keys.has(key)) remove(key)
      for (const id of parts.keys()) if (!ids.has(id)) discard(id)
    },
  }
}

function diskPart(file: string, size: number): Part {
  let received = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let descriptor: number | undefined
  // Bytes of an earlier time are only hashed at the end, when all are there.
  let md5: Md5 | undefined = received === 0 ? createMd5(size) : undefined
  const pause = (): void => {
    if (descriptor !== undefined) fs.closeSync(descriptor)
    descriptor = undefined
  }
  const open = (): number => (descriptor ??= fs.openSync(file, 'a'))
  return {
    get received() {
      return received
    },
    append(chunk) {
      for (let at = 0; at < chunk.byteLength;) at += fs.writeSync(open(), chunk, at)
      received += chunk.byteLength
      return md5?.update(chunk)
    },
    truncate(length) {
      fs.ftruncateSync(open(), length)
      received = length
      md5?.drop()
      md5 = length === 0 ? createMd5(size) : undefined
    },
    digest: () => md5?.digest() ?? md5Of(received === 0 ? [] : fileBytes(file, 0, received), received),
    pause,
    drop() {
      pause()
      md5?.drop()
    },
  }
}

function* fileBytes(file: string, start: number, end: number): Generator<Uint8Array> {
  const descriptor = fs.openSync(file, 'r')
  try {
    for (let at = start; at < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(READ_SIZE, end - at))
      const length = fs.readSync(descriptor, chunk, 0, chunk.byteLength, at)
      if (length === 0) throw new Error(`${file} ends at ${at}, not at ${end}`)
      yield length === chunk.byteLength ? chunk : chunk.subarray(0, length)
      at += length
    }
  } finally {
    fs.closeSync(descriptor)
  }
}
