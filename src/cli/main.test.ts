import { describe, expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import { typeLine } from './fake-program.ts'
import type { RunCommand } from './fake-program.ts'

const printOptions: RunCommand = ({ options, global, out }) =>
  out.line(JSON.stringify([options, global.retries, global.dryRun]))
const refuseHash: RunCommand = () => {
  throw new StorageError('usage', 'unknown hash type "x"')
}

describe('a command', () => {
  test('is given its arguments and options, and loads nothing else', async () => {
    const ran = await typeLine('-v echo one --level=3 -F x two', {
      run: ({ args, options, global, out }) => out.line(JSON.stringify([args, options, global.verbose])),
    })
    expect(ran).toEqual({
      exit: 0,
      out: '[["one","two"],{"format":"x","level":3,"minSize":1},1]\n',
      err: '',
      loaded: ['echo'],
    })
  })

  test('finds its options in the environment too', async () => {
    const environment = { RCLONE_FORMAT: 'sp', RCLONE_RETRIES: '7', RCLONE_DRY_RUN: '1' }
    expect((await typeLine('echo a', { run: printOptions, environment })).out).toBe(
      '[{"format":"sp","level":0,"minSize":1},7,true]\n',
    )
  })

  test('loads kinds of remotes only for a flag that needs them', async () => {
    expect(await typeLine('echo a -L')).toMatchObject({ exit: 0, loaded: ['echo', 'local'] })
    expect(await typeLine('--local-copy-links echo a')).toMatchObject({ exit: 0, loaded: ['local', 'echo', 'local'] })
  })

  test('that is unknown is refused with those that may be meant', async () => {
    const { exit, err } = await typeLine('ech a')
    const message = 'unknown command "ech" for "fjord"\n\nDid you mean this?\n\techo\n'
    expect(exit).toBe(2)
    expect(err).toBe(`Error: ${message}\nRun 'fjord --help' for usage.\n\nNOTICE: Fatal error: ${message}`)
  })

  test('of a group is asked for', async () => {
    expect((await typeLine('config')).err).toContain('the command "config" needs one of these words behind it: show')
    expect((await typeLine('config shw')).err).toContain('unknown command "shw" for "fjord config"')
  })
})

describe('wrong use', () => {
  test.each([
    ['echo a --nosuch', 'unknown flag: --nosuch'],
    ['--nosuch echo a', 'unknown command "a" for "fjord"'],
    ['echo --level zz', 'invalid argument "zz" for "--level" flag: strconv.ParseInt: parsing "zz": invalid syntax'],
    [
      '--version=maybe',
      'invalid argument "maybe" for "-V, --version" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
  ])('%s: %s', async (line, message) => {
    const { exit, out, err } = await typeLine(line)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err.split('\n')[0]).toBe(`Error: ${message}`)
    expect(err).toMatch(/\n\nNOTICE: Fatal error: .*\n$/)
  })

  test('shows the usage', async () => {
    const { err } = await typeLine('echo a --nosuch')
    expect(err).toContain(
      '\nUsage:\n  fjord echo a [b] [flags]\n\nFlags:\n  -F, --format string   What to print (default "p")\n',
    )
    expect(err).toContain('\nFlags (flag group Filter):\n')
  })

  test('is a wrong number of arguments', async () => {
    const few = await typeLine('echo')
    expect(few.exit).toBe(2)
    expect(few.err).toMatch(
      /^Usage:\n[\s\S]*\nCommand echo needs 1 arguments minimum: you provided 0 non flag arguments: \[\]\n$/,
    )
    const many = await typeLine('config show a "b c')
    expect(many.exit).toBe(2)
    expect(many.err).toContain(
      String.raw`Command show needs 2 arguments maximum: you provided 3 non flag arguments: ["a" "\"b" "c"]`,
    )
  })

  test('that only the command can see looks the same', async () => {
    const { exit, err } = await typeLine('echo a', { run: refuseHash })
    expect(exit).toBe(2)
    expect(err).toMatch(
      /^Error: unknown hash type "x"\nUsage:\n[\s\S]*\n\nNOTICE: Fatal error: unknown hash type "x"\n$/,
    )
  })

  test('is nothing at all', async () => {
    expect(await typeLine('')).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/^Usage:\n/) })
  })
})

describe('help', () => {
  test.each(['echo --help', 'echo -h', 'help echo'])('%s goes to standard output', async (line) => {
    const { exit, out, err } = await typeLine(line)
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toMatch(/^Prints something\.\n\nUsage:\n {2}fjord echo a \[b\] \[flags\]\n/)
    expect(out).toContain('  -h, --help            Help for echo\n')
  })

  test.each(['echo --help', 'help echo'])('%s lists the commands below', async (line) => {
    expect((await typeLine(line)).out).toContain('\nAvailable commands:\n  deeper  Print something\n')
  })

  test.each(['--help', 'help'])('%s lists the commands', async (line) => {
    const { out } = await typeLine(line)
    expect(out).toContain('\nAvailable commands:\n  config show  Print something\n')
    expect(out).not.toContain('echo deeper')
  })

  test('finds flags', async () => {
    const { out } = await typeLine('help flags --name max-dep*')
    expect(out).toBe(
      'Flags (flag group Filter):\n      --max-depth int   How many levels of directories to go down; -1 is all (default -1)\n\n',
    )
    expect((await typeLine('help flags --group important')).out).toMatch(
      /^  -n, --dry-run .*\n  -i, --interactive .*\n  -v, --verbose count .*\n$/,
    )
    expect((await typeLine('help flags nosuchflagatall')).out).toBe('')
  })

  test('tells of a kind of remote', async () => {
    const { out } = await typeLine('help backend local')
    expect(out).toContain(
      '#### --local-copy-links\n\nFollow links\n\n- Config:      copy_links\n- Env Var:     RCLONE_LOCAL_COPY_LINKS\n',
    )
    const unknown = await typeLine('help backend nosuch')
    expect(unknown).toMatchObject({ exit: 1, err: 'CRITICAL: didn\'t find backend called "nosuch"\n' })
  })

  test('--version runs the command version', async () => {
    expect(await typeLine('-V', { run: ({ out }) => out.line('v1') })).toMatchObject({ exit: 0, out: 'v1\n' })
  })
})
