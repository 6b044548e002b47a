import { Buffer } from 'node:buffer'

// oxlint-disable-next-line no-control-regex
const latin = /^[\0-\xff]*$/

/** A copy that does not keep the longer text in memory that it was cut from: for what outlives a document. */
export function ownText(text: string): string {
  const encoding = latin.test(text) ? 'latin1' : 'utf16le'
  return Buffer.from(text, encoding).toString(encoding)
}
