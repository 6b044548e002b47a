import { describe, expect, test } from 'vitest'
import { elapsed } from '../../test/support/elapsed.ts'
import { StorageError } from '../core/errors.ts'
import { runCommand } from './run.ts'
import type { Run } from './run.ts'
import { createStats } from './stats.ts'

interface Played {
  readonly exit: number
  readonly lines: readonly string[]
  readonly attempts: number
}

/** Runs a command whose attempts are `steps`, the last one again and again. */
async function play(steps: readonly ((run: Run) => void | Promise<void>)[], o: Partial<Run> = {}): Promise<Played> {
  const lines: string[] = []
  const stats = createStats(Date.now)
  let attempts = 0
  const run: Run = {
    command: { name: 'copy', retries: true },
    attempt: async () => await steps[Math.min(attempts++, steps.length - 1)]?.(run),
    retries: 3,
    retriesSleep: 0,
    errorOnNoTransfer: false,
    stats,
    log: { enabled: () => true, log: ({ level, text }) => void lines.push(`${level}: ${text}`) },
    onEnd: () => lines.push('end'),
    signal: new AbortController().signal,
    now: Date.now,
    ...o,
  }
  return { exit: await runCommand(run), lines, attempts }
}

const missing = () => new StorageError('dir-not-found', 'directory not found')
const transfer = ({ stats }: Run): void => stats.report({ type: 'transfer-done', path: 'a', size: 1, failed: false })
const reportAndThrow = ({ stats }: Run): never => {
  stats.report({ type: 'error', path: '', error: missing() })
  throw missing()
}
const report =
  (...texts: readonly string[]) =>
  ({ stats }: Run): void => {
    for (const text of texts) stats.report({ type: 'error', path: 'a', error: new Error(text) })
  }
const fail = (error: () => Error) => (): never => {
  throw error()
}

describe('a run', () => {
  test('that succeeds says nothing', async () => {
    expect(await play([() => undefined])).toEqual({ exit: 0, lines: ['end'], attempts: 1 })
  })

  test('tries three times, hopeless or not', async () => {
    expect(await play([fail(missing)])).toEqual({
      exit: 3,
      attempts: 3,
      lines: [
        'ERROR: Attempt 1/3 failed with 1 errors and: directory not found',
        'ERROR: Attempt 2/3 failed with 1 errors and: directory not found',
        'ERROR: Attempt 3/3 failed with 1 errors and: directory not found',
        'end',
        'NOTICE: Failed to copy: directory not found',
      ],
    })
  })

  test('that succeeds at last says so', async () => {
    const { exit, lines } = await play([fail(missing), () => undefined])
    expect(exit).toBe(0)
    expect(lines).toEqual([
      'ERROR: Attempt 1/3 failed with 1 errors and: directory not found',
      'ERROR: Attempt 2/3 succeeded',
      'end',
    ])
  })

  test('fails with errors that were only reported', async () => {
    const { exit, lines } = await play([report('first', 'last')], { retries: 1 })
    expect(exit).toBe(1)
    expect(lines.at(-1)).toBe('NOTICE: Failed to copy with 2 errors: last error was: last')
  })

  test('of a command that is not run again counts what was reported and what was thrown', async () => {
    const { exit, lines, attempts } = await play([reportAndThrow], { command: { name: 'config show' } })
    expect({ exit, attempts }).toEqual({ exit: 3, attempts: 1 })
    expect(lines).toEqual(['end', 'NOTICE: Failed to show with 2 errors: last error was: directory not found'])
  })

  test('ends at a fatal error', async () => {
    const { exit, lines, attempts } = await play([fail(() => new StorageError('fatal', 'over'))])
    expect({ exit, attempts }).toEqual({ exit: 7, attempts: 1 })
    expect(lines[0]).toBe('ERROR: Fatal error received - not attempting retries')
  })

  test('ends where no error can be gone the next time', async () => {
    const { exit, lines, attempts } = await play([fail(() => new StorageError('read-only', 'immutable file modified'))])
    expect({ exit, attempts }).toEqual({ exit: 6, attempts: 1 })
    expect(lines[0]).toBe("ERROR: Can't retry any of the errors - not attempting retries")
  })

  test('waits as long as a server asks', async () => {
    const busy = fail(
      () => new StorageError('rate-limited', 'slow down', { retry: 'given-up', details: { retryAfter: 30 } }),
    )
    const took = elapsed(async () => {
      const { exit, lines } = await play([busy], { retries: 1 })
      expect(exit).toBe(5)
      expect(lines[0]).toMatch(/^NOTICE: Received retry after error - sleeping until \d{4}-.*Z \(\d+(\.\d+)?ms\)$/)
    })
    expect(await took).toBeGreaterThan(25)
  })

  test('says what the user can do', async () => {
    const { lines } = await play([
      fail(() => new StorageError('auth', 'logged out', { details: { hint: 'Log in again' } })),
    ])
    expect(lines.slice(-2)).toEqual(['NOTICE: Failed to copy: logged out', 'NOTICE: Log in again'])
  })

  test('without a transfer is an error where it is asked for', async () => {
    expect((await play([() => undefined], { errorOnNoTransfer: true })).exit).toBe(9)
    expect((await play([transfer], { errorOnNoTransfer: true })).exit).toBe(0)
  })

  test('that could not start throws what kept it', async () => {
    await expect(play([fail(() => new StorageError('config', 'no such remote'))])).rejects.toThrow('no such remote')
  })

  test('that was interrupted throws the reason, whatever the command made of it', async () => {
    const abort = new AbortController()
    const reason = new Error('interrupted')
    const step = (): never => {
      abort.abort(reason)
      throw new StorageError('network', 'connection lost')
    }
    await expect(play([step], { signal: abort.signal })).rejects.toBe(reason)
  })
})
