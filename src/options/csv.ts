import { badValue } from './bad-value.ts'

/**
 * Splits one CSV record: a field in double quotes keeps separators, and a doubled quote is one.
 * @param separator one character
 * @throws StorageError 'usage' in rclone's words where the quotes do not fit
 */
export function splitCsv(text: string, separator: string): readonly string[] {
  if (text === '') return []
  const fields: string[] = []
  for (let at = 0; at <= text.length; at++) {
    if (text[at] !== '"') {
      const end = indexOrEnd(text, separator, at)
      fields.push(text.slice(at, end))
      if (text.slice(at, end).includes('"')) throw badValue('bare " in non-quoted-field')
      at = end
      continue
    }
    const end = closingQuote(text, at + 1)
    if (end === -1 || (end + 1 < text.length && text[end + 1] !== separator)) {
      throw badValue('extraneous or missing " in quoted-field')
    }
    fields.push(text.slice(at + 1, end).replaceAll('""', '"'))
    at = end + 1
  }
  return fields
}

/** One CSV record of `fields`: those with a separator, a quote or a blank in front are quoted. */
export function joinCsv(fields: readonly string[], separator: string): string {
  return fields
    .map((field) =>
      field.includes(separator) || /["\r\n]|^\s/.test(field) ? `"${field.replaceAll('"', '""')}"` : field,
    )
    .join(separator)
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from)
  return index === -1 ? text.length : index
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] !== '"') continue
    if (text[at + 1] !== '"') return at
    at++
  }
  return -1
}
