import { expect, test } from 'vitest'
import { commandTable } from './index.ts'

test('every command is there once, under the name and the summary that it has itself', async () => {
  const shown = commandTable.map(({ name, summary }) => ({ name, summary }))
  const own = await Promise.all(commandTable.map(({ load }) => load()))
  expect(shown).toEqual(own.map(({ name, summary }) => ({ name, summary })))
  expect(new Set(commandTable.map(({ name }) => name)).size).toBe(commandTable.length)
})
