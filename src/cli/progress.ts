import type { OutputStream } from './output.ts'
import { encode } from './visible.ts'

const eraseLine = '\u001b[2K'
const moveUp = '\u001b[1A'
const toLineStart = '\u001b[1G'
const dontWrap = '\u001b[?7l'
const wrapAgain = '\u001b[?7h'
/** The width where nobody knows it. */
const usualWidth = 80

/** The block of `--progress`, drawn over itself (rclone's surface 6). */
export interface Progress {
  /** Until the end, log lines belong above the block. */
  active(): boolean
  draw(): void
  /** Prints finished lines above the block. */
  above(lines: string): void
  /** The last block, then a line end. */
  end(): void
}

/**
 * A progress block on standard output. Where that is no terminal the blocks just follow each other.
 * @param text the statistics at this moment
 */
export function createProgress(stream: OutputStream, text: () => string): Progress {
  const terminal = stream.isTTY === true
  let lines = 0
  let ended = false

  const draw = (message = ''): void => {
    // Only so many lines can be gone up again
    const block = text().trim().split('\n').slice(0, stream.rows)
    const shown = fitted(block, stream)
    const erase = `${message === '' ? '' : `\n${moveUp}`}${`${eraseLine}${moveUp}`.repeat(Math.max(0, lines - 1))}${eraseLine}${toLineStart}`
    const above = message === '' ? '' : `${terminal ? eraseLine : '\n'}${message}\n`
    lines = block.length
    stream.write(encode((terminal ? erase : '') + above + shown))
  }

  return {
    active: () => !ended,
    draw: () => draw(),
    above: (finished) => draw(finished.replace(/\n+$/, '')),
    end() {
      draw()
      stream.write('\n')
      ended = true
    },
  }
}

/** Lines that are cut to the width; where a character may take two columns, the terminal cuts them again. */
function fitted(lines: readonly string[], { columns, isTTY }: OutputStream): string {
  const cut = (line: string): string =>
    Array.from(line)
      .slice(0, columns || usualWidth)
      .join('')
  const shown = lines.map(cut).join('\n')
  const mayBeWide = isTTY === true && /[^\0-\u10FF]/u.test(shown)
  return mayBeWide ? dontWrap + shown + wrapAgain : shown
}
