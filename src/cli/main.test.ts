import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import type { OptionSpecs } from '../options/option.ts'
import type { RemoteDefinition } from '../options/remote-definition.ts'
import { bool, int, text } from '../options/types.ts'
import type { Command, CommandEntry, Invocation } from './command.ts'
import type { Host } from './host.ts'
import { main } from './main.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fjord-main-'))
  await writeFile(join(dir, 'a.txt'), 'hello')
})
afterAll(async () => await rm(dir, { recursive: true }))

const echoOptions: OptionSpecs = {
  format: option(text, 'p', 'What to print', { short: 'F' }),
  level: option(int, 0, 'A number'),
  minSize: option(int, 1, 'A limit', { group: 'Filter' }),
}
const localOptions = { copyLinks: option(bool, false, 'Follow links', { plainFlag: 'copy-links', short: 'L' }) }

const localDefinition: RemoteDefinition = {
  type: 'local',
  summary: 'A disk',
  options: localOptions,
  open: () => Promise.reject(new Error('nobody opens it')),
}

interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
  readonly loaded: readonly string[]
}

type RunCommand = (invocation: Invocation) => void | Promise<void>

/** Types a line to a program whose command "echo" is `run`. */
async function type(
  line: string,
  o: { run?: RunCommand; environment?: Host['environment']; command?: Partial<Command> } = {},
): Promise<Ran> {
  const loaded: string[] = []
  const [out, err] = [collecting(), collecting()]
  const echo: Command = {
    name: 'echo',
    summary: 'Print something',
    usage: 'a [b]',
    help: 'Prints something.',
    options: echoOptions,
    args: { min: 1, max: 2 },
    groups: ['Filter'],
    run: async (invocation) => await (o.run ?? (() => undefined))(invocation),
    ...o.command,
  }
  const entry = (command: Command): CommandEntry => ({
    name: command.name,
    summary: command.summary,
    load: () => {
      loaded.push(command.name)
      return Promise.resolve(command)
    },
  })
  const exit = await main(
    {
      argv: line === '' ? [] : line.split(' '),
      environment: { HOME: dir, RCLONE_CONFIG: '', ...o.environment },
      cwd: dir,
      platform: 'linux',
      pid: 1,
      stdout: out.stream,
      stderr: err.stream,
      self: ['node', join(dir, 'bin.js')],
      now: Date.now,
      onSignal: (handler) => {
        signal = handler
        return () => undefined
      },
    },
    {
      commands: [
        entry(echo),
        entry({ ...echo, name: 'config show' }),
        entry({ ...echo, name: 'version', args: { min: 0, max: 0 } }),
      ],
      backends: [
        {
          type: 'local',
          summary: 'A disk',
          load: () => {
            loaded.push('local')
            return Promise.resolve(localDefinition)
          },
        },
      ],
    },
  )
  const stamp = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm
  return { exit, out: out.text(), err: err.text().replace(stamp, ''), loaded }
}

const printOptions: RunCommand = ({ options, global, out }) =>
  out.line(JSON.stringify([options, global.retries, global.dryRun]))
const refuseHash: RunCommand = () => {
  throw new StorageError('usage', 'unknown hash type "x"')
}
const chatter: RunCommand = ({ ctx }) => {
  for (const level of ['ERROR', 'NOTICE', 'INFO', 'DEBUG'] as const) ctx.log.log({ level, text: level.toLowerCase() })
}
const transfer: RunCommand = ({ ctx }) => ctx.report({ type: 'transfer-done', path: 'a', size: 5, failed: false })
const openAs =
  (how: 'source' | 'directory'): RunCommand =>
  async ({ open: opener, args, out }) => {
    const place = await opener[how](args[0] ?? '')
    out.line(`${place.remote.type} ${'file' in place ? `file ${String(place.file)}` : 'dir'}`)
  }

let signal: (name: 'SIGINT' | 'SIGTERM') => void = () => undefined

function collecting(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = []
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    chunks.push(chunk)
    done()
  }
  return { stream: new Writable({ write }), text: () => Buffer.concat(chunks).toString() }
}

describe('a command', () => {
  test('is given its arguments and options, and loads nothing else', async () => {
    const ran = await type('-v echo one --level=3 -F x two', {
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
    expect((await type('echo a', { run: printOptions, environment })).out).toBe(
      '[{"format":"sp","level":0,"minSize":1},7,true]\n',
    )
  })

  test('loads kinds of remotes only for a flag that needs them', async () => {
    expect(await type('echo a -L')).toMatchObject({ exit: 0, loaded: ['echo', 'local'] })
    expect(await type('--local-copy-links echo a')).toMatchObject({ exit: 0, loaded: ['local', 'echo', 'local'] })
  })

  test('that is unknown is refused with those that may be meant', async () => {
    const { exit, err } = await type('ech a')
    const message = 'unknown command "ech" for "fjord"\n\nDid you mean this?\n\techo\n'
    expect(exit).toBe(2)
    expect(err).toBe(`Error: ${message}\nRun 'fjord --help' for usage.\n\nNOTICE: Fatal error: ${message}`)
  })

  test('of a group is asked for', async () => {
    expect((await type('config')).err).toContain('the command "config" needs one of these words behind it: show')
    expect((await type('config shw')).err).toContain('unknown command "shw" for "fjord config"')
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
    const { exit, out, err } = await type(line)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err.split('\n')[0]).toBe(`Error: ${message}`)
    expect(err).toMatch(/\n\nNOTICE: Fatal error: .*\n$/)
  })

  test('shows the usage', async () => {
    const { err } = await type('echo a --nosuch')
    expect(err).toContain(
      '\nUsage:\n  fjord echo a [b] [flags]\n\nFlags:\n  -F, --format string   What to print (default "p")\n',
    )
    expect(err).toContain('\nFlags (flag group Filter):\n')
  })

  test('is a wrong number of arguments', async () => {
    const few = await type('echo')
    expect(few.exit).toBe(2)
    expect(few.err).toMatch(
      /^Usage:\n[\s\S]*\nCommand echo needs 1 arguments minimum: you provided 0 non flag arguments: \[\]\n$/,
    )
    const many = await type('config show a "b c')
    expect(many.exit).toBe(2)
    expect(many.err).toContain(
      String.raw`Command show needs 2 arguments maximum: you provided 3 non flag arguments: ["a" "\"b" "c"]`,
    )
  })

  test('that only the command can see looks the same', async () => {
    const { exit, err } = await type('echo a', { run: refuseHash })
    expect(exit).toBe(2)
    expect(err).toMatch(
      /^Error: unknown hash type "x"\nUsage:\n[\s\S]*\n\nNOTICE: Fatal error: unknown hash type "x"\n$/,
    )
  })

  test('is nothing at all', async () => {
    expect(await type('')).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/^Usage:\n/) })
  })
})

describe('help', () => {
  test.each(['echo --help', 'echo -h', 'help echo'])('%s goes to standard output', async (line) => {
    const { exit, out, err } = await type(line)
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toMatch(/^Prints something\.\n\nUsage:\n {2}fjord echo a \[b\] \[flags\]\n/)
    expect(out).toContain('  -h, --help            Help for echo\n')
  })

  test.each(['--help', 'help'])('%s lists the commands', async (line) => {
    expect((await type(line)).out).toContain('\nAvailable commands:\n  config show  Print something\n')
  })

  test('finds flags', async () => {
    const { out } = await type('help flags --name max-*')
    expect(out).toBe(
      'Flags (flag group Filter):\n      --max-depth int   How many levels of directories to go down; -1 is all (default -1)\n\n',
    )
    expect((await type('help flags nosuchflagatall')).out).toBe('')
  })

  test('tells of a kind of remote', async () => {
    const { out } = await type('help backend local')
    expect(out).toContain(
      '#### --local-copy-links\n\nFollow links\n\n- Config:      copy_links\n- Env Var:     RCLONE_LOCAL_COPY_LINKS\n',
    )
    const unknown = await type('help backend nosuch')
    expect(unknown).toMatchObject({ exit: 1, err: 'CRITICAL: didn\'t find backend called "nosuch"\n' })
  })

  test('--version runs the command version', async () => {
    expect(await type('-V', { run: ({ out }) => out.line('v1') })).toMatchObject({ exit: 0, out: 'v1\n' })
  })
})

describe('the log of a run', () => {
  test.each([
    ['', 'ERROR : error\nNOTICE: notice\n'],
    ['-q', 'ERROR : error\n'],
    ['-v', 'ERROR : error\nNOTICE: notice\nINFO  : info\n'],
    ['--log-level critical', ''],
    ['--log-level off', ''],
  ])('with "%s"', async (flags, err) => {
    expect((await type(`echo a ${flags}`.trim(), { run: chatter })).err).toBe(err)
  })

  test.each([
    ['-v -q', "Can't set -v and -q"],
    ['-v --log-level INFO', "Can't set -v and --log-level"],
    ['-q --log-level INFO', "Can't set -q and --log-level"],
    ['--log-file nosuch/l', 'Failed to open log file: open nosuch/l: no such file or directory'],
    ['--header x', `Failed to parse "x" as an HTTP header. Expecting a string like: 'Content-Encoding: gzip'`],
  ])('cannot be had with %s', async (flags, message) => {
    expect(await type(`echo a ${flags}`)).toMatchObject({ exit: 1, err: `CRITICAL: ${message}\n` })
  })

  test('appends to a file that its group may read', async () => {
    const path = join(dir, 'log')
    for (const _ of [1, 2])
      expect((await type(`echo a --log-format nolevel --log-file ${path}`, { run: chatter })).err).toBe('')
    expect(await readFile(path, 'utf8')).toBe('error\nnotice\nerror\nnotice\n')
    expect((await stat(path)).mode & 0o137).toBe(0)
  })

  test('goes to standard output with --progress', async () => {
    const { out, err } = await type('echo a -P', { run: chatter })
    expect(out).toMatch(/ERROR : error\nTransferred/)
    expect(err).toBe('')
  })

  test('begins with what is wrong in the environment', async () => {
    const { exit, err } = await type('echo a', { environment: { RCLONE_RETRIES: 'zz' } })
    expect(exit).toBe(1)
    expect(err).toContain('CRITICAL: Failed to load "main" default values')
    expect(await type('echo a', { environment: { RCLONE_LOG_LEVEL: 'zz' } })).toMatchObject({ exit: 1, err: '' })
  })
})

describe('statistics at the end', () => {
  const command = { stats: true }

  test.each([
    ['-v', 'INFO  : \nTransferred:   \t          5 B / 5 B, 100%'],
    ['-n', 'NOTICE: \nTransferred:   \t          5 B / 5 B, 100%'],
    ['--stats-log-level NOTICE --stats-one-line', 'NOTICE:           5 B / 5 B, 100%, 0 B/s, ETA -\n'],
  ])('are logged with %s', async (flags, expected) => {
    expect((await type(`echo a ${flags}`, { run: transfer, command })).err).toContain(expected)
  })

  test.each(['', '-v --stats 0', '--stats-log-level off -v'])('are not with "%s"', async (flags) => {
    expect((await type(`echo a ${flags}`.trim(), { run: transfer, command })).err).toBe('')
  })

  test('of another command are shown where --stats is typed', async () => {
    expect((await type('echo a -v --stats 5s', { run: transfer })).err).toContain('Transferred:')
    expect((await type('echo a -v', { run: transfer })).err).toBe('')
  })
})

describe('path arguments', () => {
  test('are opened as a directory, or as one file in it', async () => {
    expect((await type('echo a.txt', { run: openAs('source') })).out).toBe('local file a.txt\n')
    expect((await type('echo nosuch', { run: openAs('source') })).out).toBe('local dir\n')
  })

  test('must be no file where a directory belongs', async () => {
    expect(await type('echo a.txt', { run: openAs('directory') })).toMatchObject({
      exit: 1,
      err: 'CRITICAL: Failed to create file system for "a.txt": is a file not a directory\n',
    })
  })

  test('of an unknown remote keep the command from starting', async () => {
    expect(await type('echo nosuch:x', { run: openAs('source'), command: { retries: true } })).toMatchObject({
      exit: 1,
      err: 'CRITICAL: Failed to create file system for "nosuch:x": didn\'t find section in config file ("nosuch")\n',
    })
  })
})

describe('a signal', () => {
  test('aborts the run, which ends when the command has cleaned up', async () => {
    let cleaned = false
    const run: RunCommand = async ({ ctx }) => {
      try {
        signal('SIGTERM')
        ctx.signal.throwIfAborted()
      } finally {
        await new Promise((resolve) => setTimeout(resolve, 20))
        cleaned = true
      }
    }
    const { exit, err } = await type('echo a -v', { run })
    expect({ exit, cleaned }).toEqual({ exit: 143, cleaned: true })
    expect(err).toBe('INFO  : Signal received: terminated\nINFO  : Exiting...\n')
  })
})
