import type { Terminal } from '../config/terminal.ts'
import type { InputStream } from './host.ts'
import type { LineReader } from './line-reader.ts'
import type { OutputStream, RunOutput } from './output.ts'

/** What a terminal is made of. */
export interface TerminalParts {
  /** Opened when the first question is asked. */
  readonly stdin: () => InputStream
  readonly stdout: OutputStream
  readonly out: RunOutput
  readonly writeError: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called when the interrupt key is pressed. */
  readonly onInterrupt: () => void
  readonly signal: AbortSignal
}

/** A terminal that has to be left as it was found. */
export type OpenedTerminal = Terminal & { close(): void }

/** Questions by node:readline, which is loaded for the first of them. */
export function createTerminal(parts: TerminalParts): OpenedTerminal {
  const { stdin, stdout, out, writeError, environment, signal } = parts
  let reader: LineReader | undefined
  const opened = async (): Promise<LineReader> => {
    const { openReader } = await import('./line-reader.ts')
    return (reader ??= openReader({ input: stdin(), stdout, onInterrupt: parts.onInterrupt }))
  }
  const show = (text: string, to: 'stdout' | 'stderr'): void => {
    if (to === 'stderr') writeError(text)
    else out.text(text)
    out.push()
  }
  return {
    get interactive() {
      return stdin().isTTY === true
    },
    colours: stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    say: (text) => out.text(text),
    async line(prompt) {
      out.push()
      return await (await opened()).next(prompt, signal)
    },
    async secret(prompt, to) {
      out.push()
      const lines = await opened()
      show(prompt, to)
      try {
        return await lines.next(undefined, signal)
      } finally {
        if (stdin().isTTY === true) show('\n', to)
      }
    },
    close: () => reader?.close(),
  }
}
