import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { typeLine } from './fake-program.ts'
import type { RunCommand } from './fake-program.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fjord-session-'))
  await writeFile(join(dir, 'a.txt'), 'hello')
})
afterAll(async () => await rm(dir, { recursive: true }))

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

describe('the log of a run', () => {
  test.each([
    ['', 'ERROR : error\nNOTICE: notice\n'],
    ['-q', 'ERROR : error\n'],
    ['-v', 'ERROR : error\nNOTICE: notice\nINFO  : info\n'],
    ['--log-level critical', ''],
    ['--log-level off', ''],
  ])('with "%s"', async (flags, err) => {
    expect((await typeLine(`echo a ${flags}`.trim(), { run: chatter })).err).toBe(err)
  })

  test.each([
    ['-v -q', "Can't set -v and -q"],
    ['-v --log-level INFO', "Can't set -v and --log-level"],
    ['-q --log-level INFO', "Can't set -q and --log-level"],
    ['--log-file nosuch/l', 'Failed to open log file: open nosuch/l: no such file or directory'],
    ['--header x', `failed to parse "x" as an HTTP header. Expecting a string like: 'Cache-Control: no-store'`],
  ])('cannot be had with %s', async (flags, message) => {
    expect(await typeLine(`echo a ${flags}`)).toMatchObject({ exit: 1, err: `CRITICAL: ${message}\n` })
  })

  test('appends to a file that its group may read', async () => {
    const path = join(dir, 'log')
    for (const _ of [1, 2])
      expect((await typeLine(`echo a --log-format nolevel --log-file ${path}`, { run: chatter })).err).toBe('')
    expect(await readFile(path, 'utf8')).toBe('error\nnotice\nerror\nnotice\n')
    expect((await stat(path)).mode & 0o137).toBe(0)
  })

  test('goes to standard output with --progress', async () => {
    const { out, err } = await typeLine('echo a -P', { run: chatter })
    expect(out).toMatch(/ERROR : error\nTransferred/)
    expect(err).toBe('')
  })

  test('begins with what is wrong in the environment', async () => {
    const { exit, err } = await typeLine('echo a', { environment: { RCLONE_RETRIES: 'zz' } })
    expect(exit).toBe(1)
    expect(err).toContain('CRITICAL: Failed to load "main" default values')
    expect(await typeLine('echo a', { environment: { RCLONE_LOG_LEVEL: 'zz' } })).toMatchObject({ exit: 1, err: '' })
  })
})

describe('statistics at the end', () => {
  const command = { stats: true }

  test.each([
    ['-v', 'INFO  : \nTransferred:   \t          5 B / 5 B, 100%'],
    ['-n', 'NOTICE: \nTransferred:   \t          5 B / 5 B, 100%'],
    ['--stats-log-level NOTICE --stats-one-line', 'NOTICE:           5 B / 5 B, 100%, 0 B/s, ETA -\n'],
  ])('are logged with %s', async (flags, expected) => {
    expect((await typeLine(`echo a ${flags}`, { run: transfer, command })).err).toContain(expected)
  })

  test.each(['', '-v --stats 0', '--stats-log-level off -v'])('are not with "%s"', async (flags) => {
    expect((await typeLine(`echo a ${flags}`.trim(), { run: transfer, command })).err).toBe('')
  })

  test('of another command are shown where --stats is typed', async () => {
    expect((await typeLine('echo a -v --stats 5s', { run: transfer })).err).toContain('Transferred:')
    expect((await typeLine('echo a -v', { run: transfer })).err).toBe('')
  })
})

describe('path arguments', () => {
  test('are opened as a directory, or as one file in it', async () => {
    expect((await typeLine('echo a.txt', { cwd: dir, run: openAs('source') })).out).toBe('local file a.txt\n')
    expect((await typeLine('echo nosuch', { cwd: dir, run: openAs('source') })).out).toBe('local dir\n')
  })

  test('must be no file where a directory belongs', async () => {
    expect(await typeLine('echo a.txt', { cwd: dir, run: openAs('directory') })).toMatchObject({
      exit: 1,
      err: 'CRITICAL: Failed to create file system for "a.txt": is a file not a directory\n',
    })
  })

  test('must name a symbolic link with its suffix where that has one', async () => {
    await symlink('a.txt', join(dir, 'bare'))
    expect(await typeLine('echo :local,links:bare', { cwd: dir, run: openAs('source') })).toMatchObject({
      exit: 1,
      err: 'CRITICAL: Failed to create file system for ":local,links:bare": need ".rclonelink" suffix to refer to symlink when using -l/--links\n',
    })
  })

  test('of an unknown remote keep the command from starting', async () => {
    expect(await typeLine('echo nosuch:x', { run: openAs('source'), command: { retries: true } })).toMatchObject({
      exit: 1,
      err: 'CRITICAL: Failed to create file system for "nosuch:x": didn\'t find section in config file ("nosuch")\n',
    })
  })
})

describe('a signal', () => {
  afterEach(() => vi.useRealTimers())

  test('aborts the run, which ends when the command has cleaned up', async () => {
    let cleaned = false
    let send: (signal: 'SIGTERM') => void = () => undefined
    const run: RunCommand = async ({ ctx }) => {
      setImmediate(send, 'SIGTERM')
      await once(ctx.signal, 'abort')
      await new Promise((resolve) => setTimeout(resolve, 20))
      cleaned = true
    }
    const { exit, err } = await typeLine('echo a -v', { run, onReady: (handler) => (send = handler) })
    expect({ exit, cleaned }).toEqual({ exit: 143, cleaned: true })
    expect(err).toBe('INFO  : Signal received: terminated\nINFO  : Exiting...\n')
  })

  test('is obeyed after five seconds of cleaning up, and the reports are written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const [report, failed] = [join(dir, 'late.json'), join(dir, 'late.failed')]
    let send: ((signal: 'SIGINT') => void) | undefined
    const run: RunCommand = async ({ ctx }) => {
      ctx.report({ type: 'transfer-planned', path: 'a/b', size: 5 })
      setImmediate(() => send?.('SIGINT'))
      await once(ctx.signal, 'abort')
      setImmediate(() => vi.advanceTimersByTime(5000))
      await new Promise(() => undefined)
    }
    const line = `echo a -v --report ${report} --report-failed ${failed}`
    const { exit, err } = await typeLine(line, { run, onReady: (way) => (send = way) })
    expect({ exit, err }).toEqual({ exit: 130, err: 'INFO  : Signal received: interrupt\nINFO  : Exiting...\n' })
    const written: unknown = JSON.parse(await readFile(report, 'utf8'))
    expect(written).toMatchObject({ exitCode: 130, failed: [{ path: 'a/b', code: 'interrupted' }] })
    expect(await readFile(failed, 'utf8')).toBe('a/b\0')
  })
})
