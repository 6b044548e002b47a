import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { StorageError } from '../core/errors.ts'
import type { OutputStream } from './output.ts'
import type { InputStream } from './host.ts'

/** Reads lines, one after the other. */
export interface LineReader {
  /** @param prompt undefined: the line is not shown */
  next(prompt: string | undefined, signal: AbortSignal): Promise<string>
  close(): void
}

/** What lines are read from. */
export interface ReaderParts {
  readonly input: InputStream
  readonly stdout: OutputStream
  /** Called when the interrupt key is pressed, which a terminal that is read key by key makes no signal of. */
  readonly onInterrupt: () => void
}

/** One reader for all questions, so that lines typed or piped ahead are not lost. */
export function openReader({ input, stdout, onInterrupt }: ReaderParts): LineReader {
  const terminal = input.isTTY === true
  const screen = mutable(stdout)
  const lines = createInterface({
    input,
    ...(terminal && { output: screen.stream }),
    terminal,
    historySize: 0,
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  if (terminal) lines.on('SIGINT', onInterrupt)
  const waiting = queueOf(lines)
  return {
    async next(prompt, signal) {
      screen.mute(prompt === undefined)
      if (terminal) lines.setPrompt(prompt ?? '')
      if (terminal) lines.prompt()
      try {
        return await waiting.next(signal)
      } finally {
        screen.mute(false)
      }
    },
    close: () => lines.close(),
  }
}

/** A terminal's screen that can be told to show nothing of what is typed. */
function mutable(stdout: OutputStream): { readonly stream: Writable; mute(on: boolean): void } {
  let muted = false
  const stream = new Writable({
    write(chunk: Uint8Array, _, done) {
      if (muted) done()
      else stdout.write(chunk, () => done())
    },
  })
  // readline wraps long lines where the screen ends
  Object.defineProperty(stream, 'columns', { get: () => stdout.columns })
  const mute = (on: boolean): void => {
    muted = on
  }
  return { stream, mute }
}

function queueOf(lines: Interface): { next(signal: AbortSignal): Promise<string> } {
  const typed: string[] = []
  const state: { ended: boolean; wake?: () => void } = { ended: false }
  const wake = (): void => state.wake?.()
  lines.on('line', (line) => {
    typed.push(line)
    wake()
  })
  lines.on('close', () => {
    state.ended = true
    wake()
  })
  return {
    async next(signal) {
      signal.addEventListener('abort', wake, { once: true })
      try {
        while (typed.length === 0 && !state.ended && !signal.aborted) {
          await new Promise<void>((resolve) => {
            state.wake = resolve
          })
        }
      } finally {
        signal.removeEventListener('abort', wake)
      }
      signal.throwIfAborted()
      const line = typed.shift()
      if (line === undefined) throw new StorageError('config', 'Failed to read line: EOF')
      return line
    },
  }
}
