import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { collect } from './stream.ts'

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}

test('the chunks of a stream become one array', async () => {
  expect(Buffer.from(await collect(chunks('ab', '', 'c'))).toString()).toBe('abc')
  expect(Buffer.from(await collect(chunks('abc'))).toString()).toBe('abc')
  expect(await collect(chunks())).toHaveLength(0)
})
