import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { createLineReader } from './line-reader.ts'

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

test('gives lines across pieces, empty ones too, and the last without an end', async () => {
  const lines = createLineReader(pieces('on', 'e\n\ntw', 'o\r\nrest'))
  expect([await lines.next(), await lines.next(), await lines.next(), await lines.next()]).toEqual([
    'one',
    '',
    'two',
    'rest',
  ])
  expect(await lines.next()).toBeUndefined()
  expect(await lines.next()).toBeUndefined()
})
