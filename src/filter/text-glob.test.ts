import { describe, expect, test } from 'vitest'
import { textGlob } from './text-glob.ts'

describe('a glob for texts', () => {
  test.each([
    ['ot', 'jotta', true],
    ['OT', 'jotta', true],
    ['j*a', 'my jotta', true],
    ['{x,jot}', 'jotta', true],
    ['{{^o}}', 'jotta', false],
    ['{{(?i)^J}}', 'jotta', true],
    ['x', 'jotta', false],
    ['', 'jotta', true],
  ])('%j in %j is found anywhere: %s', async (glob, text, found) => {
    expect((await textGlob(glob, { exact: false }))(text)).toBe(found)
  })

  test.each([
    ['jotta', true],
    ['JOTTA', true],
    ['j*', true],
    ['ott', false],
  ])('%j matches "jotta" as a whole: %s', async (glob, found) => {
    expect((await textGlob(glob, { exact: true }))('jotta')).toBe(found)
  })

  test('that is none is refused', async () => {
    await expect(textGlob('[a', { exact: false })).rejects.toMatchObject({ code: 'config' })
  })
})
