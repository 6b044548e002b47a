import { hasEscapedBytes } from '../core/names.ts'

/** `text` with every byte that is no UTF-8 (U+DC80–U+DCFF) as U+FFFD, which is what Go sees when it reads characters. */
export function asGoReads(text: string): string {
  return hasEscapedBytes(text) ? text.replaceAll(/[\uDC80-\uDCFF]/gu, '\uFFFD') : text
}
