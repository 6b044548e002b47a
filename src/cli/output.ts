import type { Writable } from 'node:stream'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Output } from './command.ts'
import { encode, visible } from './visible.ts'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }

/** Standard output of a run. */
export interface RunOutput extends Output {
  /** Hands over the lines that wait, without waiting: before something else is written to the same place. */
  push(): void
}

/** Lines are handed over when so many characters wait, and at the latest at the end of the turn. */
const fullBuffer = 65_536

/** Who else cares about what is written. */
interface OutputHooks {
  /** Called once when the reader has gone away (EPIPE); everything after it is dropped. */
  readonly onBroken: () => void
  /** Writes finished lines itself, where it returns true: above a progress block. */
  readonly takes?: (lines: string) => boolean
}

/** Buffers lines and honours back-pressure. */
export function createOutput(stream: OutputStream, { onBroken, takes }: OutputHooks): RunOutput {
  let waiting: string[] = []
  let length = 0
  let failure: unknown
  let broken = false

  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error
    else if (!broken) onBroken()
    broken = true
  })

  const push = (): void => {
    if (length === 0) return
    const text = waiting.join('')
    waiting = []
    length = 0
    if (!broken && takes?.(text) !== true) stream.write(encode(text))
  }
  const add = (text: string): void => {
    if (length === 0) setImmediate(push)
    waiting.push(text)
    length += text.length
    if (length >= fullBuffer) push()
  }
  const written = async (chunk: Uint8Array | string): Promise<void> => {
    if (!broken) await new Promise<void>((resolve) => void stream.write(chunk, () => resolve()))
    if (failure !== undefined) throw writeFailure(failure)
  }

  return {
    terminal: stream.isTTY === true,
    push,
    line: (text) => add(`${visible(text)}\n`),
    text: add,
    async bytes(chunk) {
      push()
      await written(chunk)
    },
    async flush() {
      push()
      await written('')
    },
  }
}

function writeFailure(error: unknown): StorageError {
  return new StorageError('io', `failed to write to standard output: ${messageOf(error)}`, { cause: error })
}
