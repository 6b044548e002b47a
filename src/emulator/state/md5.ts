import { createHash } from 'node:crypto'
import { createRemoteMd5, type Md5 } from './md5-worker.ts'

// Below this the way to the other thread and back costs more than it saves.
const WORTH_A_THREAD = 8 << 20

/** Begins an MD5 of so many bytes: much of it is worked out on another thread, so that requests go on meanwhile. */
export function createMd5(size: number): Md5 {
  if (size >= WORTH_A_THREAD) return createRemoteMd5()
  const hash = createHash('md5')
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => Promise.resolve(hash.digest('hex')),
    drop: () => undefined,
  }
}

/** The MD5, lower-case hex, of bytes that are there already. */
export async function md5Of(chunks: Iterable<Uint8Array>, size: number): Promise<string> {
  const md5 = createMd5(size)
  for (const chunk of chunks) await md5.update(chunk)
  return md5.digest()
}
