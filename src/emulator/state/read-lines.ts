import * as fs from 'node:fs'

/** A line of a file. */
export interface Line {
  readonly text: string
  /** Position of the byte after it and its line break. */
  readonly next: number
  /** False for a last line without a line break. */
  readonly isWhole: boolean
}

const PIECE = 4 << 20
const LINE_BREAK = 10

/** Reads a file line by line without holding it in memory. */
export function* readLines(file: string): Generator<Line> {
  const descriptor = fs.openSync(file, 'r')
  try {
    let rest = Buffer.alloc(0)
    let next = 0
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE)
      const length = fs.readSync(descriptor, piece, 0, PIECE, null)
      if (length === 0) break
      const bytes = rest.byteLength === 0 ? piece.subarray(0, length) : Buffer.concat([rest, piece.subarray(0, length)])
      let start = 0
      for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, start)) {
        next += end + 1 - start
        yield { text: bytes.toString('utf8', start, end), next, isWhole: true }
        start = end + 1
      }
      rest = bytes.subarray(start)
    }
    if (rest.byteLength > 0) yield { text: rest.toString(), next: next + rest.byteLength, isWhole: false }
  } finally {
    fs.closeSync(descriptor)
  }
}
