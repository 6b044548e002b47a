import type { Buffer } from 'node:buffer'
import { nameToBytes } from '../core/names.ts'

/** `text` with control characters as symbols: NUL–0x1f as U+2400–U+241f, DEL as U+2421 (rclone's surface 1.1). */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f]/g, symbol)
}

/** The same for text of several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, symbol)
}

/** What is written for `text`: UTF-8, and bytes of names that are no UTF-8 as they are on the disk. */
export function encode(text: string): Buffer {
  return nameToBytes(text)
}

function symbol(char: string): string {
  return char === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + char.charCodeAt(0))
}
