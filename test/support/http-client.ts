import { Buffer } from 'node:buffer'
import { type Logger, silent } from '../../src/core/context.ts'
import type { HttpSettings } from '../../src/core/env.ts'
import { StorageError } from '../../src/core/errors.ts'
import { createHttpClient } from '../../src/http/client.ts'
import type { HttpClient, HttpRequest } from '../../src/http/types.ts'

const plain: HttpSettings = {
  userAgent: 'fjord/test',
  connectTimeout: 10_000,
  idleTimeout: 20_000,
  attempts: 3,
  headers: [],
  caCerts: [],
  insecure: false,
  dump: new Set(),
  environment: {},
}

/** A client with short time-outs and three attempts, closed when it is disposed of. */
export function client(change: Partial<HttpSettings> = {}, log: Logger = silent): HttpClient & AsyncDisposable {
  const made = createHttpClient({ ...plain, ...change }, log)
  return { ...made, [Symbol.asyncDispose]: () => made.close() }
}

/** A GET that may be repeated, with changes. */
export function get(url: string, change: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, repeatable: true, operation: 'list', ...change }
}

/** The StorageError that `promise` must end with. */
export async function failureOf(promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StorageError) return error
  throw new Error('no StorageError', { cause: error })
}

/** `size` times the letter a, in chunks. */
export async function* bytes(size: number, chunk = size): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += chunk) yield await Promise.resolve(Buffer.alloc(Math.min(chunk, size - at), 'a'))
}
