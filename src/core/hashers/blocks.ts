/** Takes bytes of any length and gives them on in blocks. */
export interface Blocks {
  push(chunk: Uint8Array): void
  /** Gives on what is left, where there is anything: a block shorter than the others. */
  end(): void
}

/**
 * Cuts what is pushed into blocks of `size` bytes, each in one or more pieces.
 * @param o `piece` is told of every piece; `end` when a block is complete
 */
export function createBlocks(
  size: number,
  o: { readonly piece: (bytes: Uint8Array) => void; readonly end: () => void },
): Blocks {
  let filled = 0
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) {
        const bytes = chunk.subarray(at, at + size - filled)
        o.piece(bytes)
        at += bytes.length
        filled += bytes.length
        if (filled < size) continue
        filled = 0
        o.end()
      }
    },
    end() {
      if (filled > 0) o.end()
      filled = 0
    },
  }
}
