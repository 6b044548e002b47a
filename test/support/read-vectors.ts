import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' }

/**
 * The rows of a table of recorded vectors, without its headings and with its escapes undone.
 * @param name a file in test/golden/vectors
 */
export function readVectors(name: string): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, '../golden/vectors', name), 'utf8')
  const rows = text.split('\n').slice(1, -1)
  return rows.map((row) =>
    row.split('\t').map((field) => field.replaceAll(/\\[\\tnr]/g, (found) => escapes[found] ?? '')),
  )
}
