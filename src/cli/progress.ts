import type { OutputStream } from './output.ts'
import { encode } from './visible.ts'

const eraseLine = '\u001b[2K'
const moveUp = '\u001b[1A'
const toLineStart = '\u001b[1G'
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
    const block = text().trim().split('\n')
    const shown = block
      .map((line) =>
        Array.from(line)
          .slice(0, stream.columns || usualWidth)
          .join(''),
      )
      .join('\n')
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
