import { describe, expect, test } from 'vitest'
import { globalOptions } from '../options/common.ts'
import { option } from '../options/option.ts'
import { bool, text } from '../options/types.ts'
import { findCommand } from './find-command.ts'
import { backendFlags, flagsOf, flagTable, ownFlags } from './flags.ts'
import { parseFlags } from './parse.ts'

const lsf = {
  format: option(text, 'p', 'for the test', { short: 'F' }),
  recursive: option(bool, false, 'for the test', { short: 'R' }),
  filesOnly: option(bool, false, 'for the test'),
}
const local = { copyLinks: option(bool, false, 'for the test', { plainFlag: 'copy-links', short: 'L' }) }
const flags = [...flagsOf('command', lsf), ...ownFlags(false), ...flagsOf('global', globalOptions)]
const table = flagTable([...flags, ...backendFlags({ type: 'local', options: local })])

function parse(line: string): { args: readonly string[]; [scope: string]: unknown } {
  const { args, given } = parseFlags(line.split(' '), table)
  const scopes = [...given].map(([scope, values]) => [scope, Object.fromEntries(values)] as const)
  return { args, ...Object.fromEntries(scopes) }
}

describe('a command line', () => {
  test('mixes flags and arguments', () => {
    expect(parse('a --retries 1 b --transfers=2 c')).toEqual({
      args: ['a', 'b', 'c'],
      global: { retries: ['1'], transfers: ['2'] },
    })
  })

  test('gives a boolean its value only with =', () => {
    expect(parse('--files-only false')).toEqual({ args: ['false'], command: { filesOnly: ['true'] } })
    expect(parse('--files-only=false x')).toEqual({ args: ['x'], command: { filesOnly: ['false'] } })
    expect(parse('-R=0 x')).toEqual({ args: ['x'], command: { recursive: ['0'] } })
  })

  test('combines letters, whose last one may have its value glued, behind = or next', () => {
    expect(parse('-RFps src')).toEqual({ args: ['src'], command: { recursive: ['true'], format: ['ps'] } })
    expect(parse('-RF=ps src')).toEqual({ args: ['src'], command: { recursive: ['true'], format: ['ps'] } })
    expect(parse('-nRF ps src')).toMatchObject({
      args: ['src'],
      global: { dryRun: ['true'] },
      command: { format: ['ps'] },
    })
  })

  test('counts', () => {
    expect(parse('-vv -v')).toMatchObject({ global: { verbose: ['3'] } })
    expect(parse('--verbose=2 --verbose')).toMatchObject({ global: { verbose: ['3'] } })
    expect(parse('-vv --verbose=1')).toMatchObject({ global: { verbose: ['1'] } })
  })

  test('keeps the last of a value and all of a list', () => {
    expect(parse('--bind a --bind b --header x:1,y:2 --header z:3')).toEqual({
      args: [],
      global: { bind: ['b'], header: ['x:1,y:2', 'z:3'] },
    })
  })

  test('has no flags behind --, and - is an argument', () => {
    expect(parse('- -- -nosuch --bind')).toEqual({ args: ['-', '-nosuch', '--bind'] })
  })

  test('may name an option of a remote with and without its prefix', () => {
    expect(parse('--local-copy-links=false')).toEqual({ args: [], 'backend/local': { copyLinks: ['false'] } })
    expect(parse('-L')).toEqual({ args: [], 'backend/local': { copyLinks: ['true'] } })
  })

  test.each([
    ['--form p', 'unknown flag: --form'],
    ['--form=p', 'unknown flag: --form'],
    ['--=p', 'bad flag syntax: --=p'],
    ['---x', 'bad flag syntax: ---x'],
    ['-Z src', "unknown shorthand flag: 'Z' in -Z"],
    ['-RZp src', "unknown shorthand flag: 'Z' in -Zp"],
    ['src --format', 'flag needs an argument: --format'],
    ['src -RF', "flag needs an argument: 'F' in -F"],
    [
      '--files-only=maybe',
      'invalid argument "maybe" for "--files-only" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      '-n=x',
      'invalid argument "x" for "-n, --dry-run" flag: parsing "x" as bool failed: strconv.ParseBool: parsing "x": invalid syntax',
    ],
    ['--max-depth zz', 'invalid argument "zz" for "--max-depth" flag: parsing "zz" as int failed: expected integer'],
    [
      '--stats 10q',
      'invalid argument "10q" for "--stats" flag: parsing time "10q" as "2006-01-02": cannot parse "10q" as "2006"',
    ],
    [
      '--copy-links=2',
      'invalid argument "2" for "-L, --copy-links" flag: parsing "2" as bool failed: strconv.ParseBool: parsing "2": invalid syntax',
    ],
    [
      '--local-copy-links=2',
      'invalid argument "2" for "--local-copy-links" flag: parsing "2" as bool failed: strconv.ParseBool: parsing "2": invalid syntax',
    ],
  ])('%s: %s', (line, message) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ code: 'usage', message }))
  })
})

describe('the command of a line', () => {
  const names = new Set(['ls', 'lsf', 'config show', 'config create'])
  const find = (line: string) => findCommand(line.split(' '), flagTable(flagsOf('global', globalOptions)), names)

  test('may stand behind flags, and what is left keeps its order', () => {
    expect(find('-q lsf --max-depth 1 src')).toMatchObject({ name: 'lsf', rest: ['-q', '--max-depth', '1', 'src'] })
    expect(find('--max-depth 1 lsf src')).toMatchObject({ name: 'lsf', rest: ['--max-depth', '1', 'src'] })
    expect(find('--max-depth=1 -nv lsf')).toMatchObject({ name: 'lsf', rest: ['--max-depth=1', '-nv'] })
  })

  test('is the longest name', () => {
    expect(find('config --retries 1 create a local')).toMatchObject({
      name: 'config create',
      rest: ['--retries', '1', 'a', 'local'],
    })
    expect(find('config nosuch')).toMatchObject({ name: undefined, words: ['config', 'nosuch'] })
  })

  test('is swallowed as the value of an unknown flag before it', () => {
    expect(find('--nosuch lsf src')).toMatchObject({ name: undefined, words: ['src'], unsure: true })
    expect(find('-Z lsf src')).toMatchObject({ name: undefined, words: ['src'], unsure: true })
    expect(find('--nosuch=1 lsf src')).toMatchObject({ name: 'lsf', unsure: false })
    expect(find('lsf --nosuch src')).toMatchObject({ name: 'lsf', unsure: false })
  })

  test('is not looked for behind --', () => {
    expect(find('-- lsf')).toMatchObject({ name: undefined, words: [] })
  })
})
