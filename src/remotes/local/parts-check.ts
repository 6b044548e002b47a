import { fstatSync } from 'node:fs'
import { StorageError } from '../../core/errors.ts'
import type { CryptoHashType } from '../../core/hash.ts'
import type { Path } from '../../core/path.ts'
import type { Part } from '../../core/remembered.ts'
import type { FileHasher } from './hash-thread.ts'
import { openFileHasher } from './hash-thread.ts'

/** A file that is written in parts, and what it has to become. */
export interface Promised {
  readonly fd: number
  readonly path: Path
  readonly size: number
  readonly type: CryptoHashType
  readonly promised: string
}

/** Reads such a file once more and holds it against its promised hash: as far as it is there from its beginning on, while it comes. */
export interface PartsCheck {
  /** `part` is written, and stays as it is. */
  wrote(part: Part): void
  /** All is written. @throws StorageError 'corrupt'; 'io' */
  whole(): Promise<void>
  /** Nobody wants to know any more. */
  stop(): void
}

/** Bytes at the beginning of a file from which on a thread is opened to hash them. */
const worthAThread = 8 * 1024 * 1024

/** @param have what was written before */
export function createPartsCheck(file: Promised, have: readonly Part[]): PartsCheck {
  let written = have
  let hasher: FileHasher | undefined
  const hashing = (): FileHasher => (hasher ??= openFileHasher(file.fd, file.type))
  return {
    wrote(part) {
      written = joined([...written, part])
      const [first] = written
      if (first?.from === 0 && first.to >= worthAThread) hashing().grown(first.to)
    },
    async whole() {
      const found = await hashing().digest(file.size)
      const length = fstatSync(file.fd).size
      if (length !== file.size || found !== file.promised) throw corrupt(file, length, found)
    },
    stop: () => void hasher?.stop(),
  }
}

/** Sorted, with what touches put together. */
export function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = []
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && part.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, part.to) }
    else result.push(part)
  }
  return result
}

function corrupt({ path, size, type, promised }: Promised, length: number, found: string): StorageError {
  const what =
    length === size
      ? `${type} hashes differ src "${promised}" vs dst "${found}"`
      : `sizes differ src ${size} vs dst ${length}`
  return new StorageError('corrupt', `corrupted on transfer: ${what}`, {
    retry: 'given-up',
    details: { operation: 'write', path },
  })
}
