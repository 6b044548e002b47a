import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { defaultDialect, dialects, worstDialect } from '../src/emulator/dialect.ts'

const page = readFileSync(new URL('../docs/emulator-dialects.md', import.meta.url), 'utf8')

describe('docs/emulator-dialects.md', () => {
  test('has one row for every question, in order, with its answers, the default first', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name = '', answers = '']) => [
      name,
      [...answers.matchAll(/`([^`]+)`/g)].map(([, answer]) => answer),
    ])
    expect(rows).toEqual(Object.entries(dialects).map(([name, answers]) => [name, answers.map(String)]))
  })

  test('says of every question what it is about, where the default comes from and how sure it is', () => {
    const rows = [...page.matchAll(/^\| `\w+` \|.*$/gm)].map(([row]) => row.split(' | '))
    for (const row of rows) {
      expect(row, row[0]).toHaveLength(5)
      expect(row.at(-1), row[0]).toMatch(/^(high|medium|low|none) \|$/)
    }
  })
})

describe('the dialects', () => {
  test('have the first answer as default, and a worst one that is another wherever it matters', () => {
    for (const [name, answers] of Object.entries(dialects)) {
      const [first] = answers
      expect(Object.entries(defaultDialect).find(([key]) => key === name)?.[1], name).toBe(first)
      const worst = Object.entries(worstDialect).find(([key]) => key === name)?.[1]
      expect(answers.map(String), name).toContain(String(worst))
      if (name !== 'lockedDeletes') expect(worst, name).not.toBe(first)
    }
  })
})
