import { Worker } from 'node:worker_threads'
import { StorageError } from '../../core/errors.ts'
import type { HashType } from '../../core/hash.ts'

// As text, since a file of its own would have to be found again from inside a bundle.
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { fd, size, type } = workerData
const hash = createHash(type)
const buffer = Buffer.allocUnsafe(1 << 20)
for (let at = 0; at < size; ) {
  const length = readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at)
  if (length === 0) break
  hash.update(buffer.subarray(0, length))
  at += length
}
parentPort.postMessage(hash.digest('hex'))
`

/**
 * The hash of the first `size` bytes of an open file, made in a thread of its own.
 * @param fd stays open until this settles
 * @throws StorageError 'io' where the file cannot be read; the signal's reason
 */
export async function hashInThread(
  fd: number,
  size: number,
  { type, signal }: { readonly type: HashType; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  signal?.throwIfAborted()
  const worker = new Worker(program, { eval: true, workerData: { fd, size, type } })
  try {
    return await answerOf(worker, signal)
  } finally {
    await worker.terminate()
  }
}

function answerOf(worker: Worker, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', (cause) =>
      reject(new StorageError('io', `could not hash: ${cause.message}`, { retry: 'later', cause })),
    )
    worker.once('exit', () => signal?.removeEventListener('abort', stop))
  })
}
