import { Worker } from 'node:worker_threads'
import { StorageError } from '../../core/errors.ts'
import type { CryptoHashType } from '../../core/hash.ts'
import { abortable } from '../../util/abortable.ts'

// As text, since a file of its own would have to be found again from inside a bundle.
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { fd, type } = workerData
const hash = createHash(type)
const buffer = Buffer.allocUnsafe(1 << 20)
let at = 0
parentPort.on('message', ({ to, last }) => {
  while (at < to) {
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, to - at), at)
    if (length === 0) break
    hash.update(buffer.subarray(0, length))
    at += length
  }
  if (last) parentPort.postMessage(hash.digest('hex'))
})
`

/** Bytes that are worth telling the thread of. */
const step = 4 * 1024 * 1024

/** Hashes an open file from its beginning on, in a thread of its own, while it may still grow. Its file stays open until it is stopped. */
export interface FileHasher {
  /** The first `to` bytes of the file are as they will stay. */
  grown(to: number): void
  /**
   * The hash of the first `size` bytes, or of all where there are fewer.
   * @throws StorageError 'io' where the file cannot be read; the signal's reason
   */
  digest(size: number, signal?: AbortSignal): Promise<string>
  stop(): Promise<void>
}

export function openFileHasher(fd: number, type: CryptoHashType): FileHasher {
  const worker = new Worker(program, { eval: true, workerData: { fd, type } })
  const answer = new Promise<string>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', (cause) =>
      reject(new StorageError('io', `could not hash: ${cause.message}`, { retry: 'later', cause })),
    )
  })
  answer.catch(() => undefined) // who asks for the hash hears of it
  const tell = (order: { readonly to: number; readonly last: boolean }): void => worker.postMessage(order, [])
  let told = 0
  return {
    grown(to) {
      if (to < told + step) return
      told = to
      tell({ to, last: false })
    },
    digest(size, signal) {
      tell({ to: size, last: true })
      return abortable(answer, signal)
    },
    stop: async () => void (await worker.terminate()),
  }
}

/**
 * The hash of the first `size` bytes of an open file, made in a thread of its own.
 * @param fd stays open until this settles
 * @throws StorageError 'io' where the file cannot be read; the signal's reason
 */
export async function hashInThread(
  fd: number,
  size: number,
  { type, signal }: { readonly type: CryptoHashType; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  signal?.throwIfAborted()
  const hasher = openFileHasher(fd, type)
  try {
    return await hasher.digest(size, signal)
  } finally {
    await hasher.stop()
  }
}
