import { describe, expect, test } from 'vitest'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import type { Command } from './command.ts'
import { complete, completionLines } from './complete.ts'
import type { Vocabulary } from './select.ts'

const vocabulary: Vocabulary = {
  commands: ['ls', 'lsf', 'config create', 'config show'].map((name) => ({
    name,
    summary: `About ${name}`,
    load: () =>
      Promise.resolve<Command>({
        name,
        summary: '',
        usage: '',
        help: '',
        options: { recursive: option(bool, false, 'All the way', { short: 'R' }) },
        args: { min: 0, max: 1 },
        run: () => Promise.resolve(),
      }),
  })),
  backends: [],
}

async function texts(...words: readonly string[]): Promise<readonly string[]> {
  return (await complete(words, vocabulary)).map(({ text }) => text)
}

describe('completion', () => {
  test('begins with commands', async () => {
    expect(await texts('')).toEqual(['ls', 'lsf', 'config', 'help'])
    expect(await texts('ls')).toEqual(['ls', 'lsf'])
    expect(await texts('-v', 'c')).toEqual(['config'])
    expect(await texts('config', '')).toEqual(['create', 'show'])
  })

  test('goes on with flags, the command’s own first', async () => {
    expect(await texts('ls', '--rec')).toEqual(['--recursive'])
    expect(await texts('ls', '--max-')).toEqual(expect.arrayContaining(['--max-depth', '--max-age']))
    expect(await texts('--rec')).toEqual([])
  })

  test('knows the values of a flag that has only so many', async () => {
    expect(await texts('ls', '--log-level', 'D')).toEqual(['DEBUG'])
    expect(await texts('ls', '--log-file', '')).toEqual([])
  })

  test('leaves files and remotes to the shell', async () => {
    expect(await texts('ls', '')).toEqual([])
    expect(await texts('ls', '--', '--rec')).toEqual([])
  })

  test('has a line for each candidate', async () => {
    expect(completionLines(await complete(['lsf'], vocabulary))).toBe('lsf\tAbout lsf\n')
  })
})
