import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount, fjord, fjordWithInput } from './fjord.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-limits-'))
  mkdirSync(join(home, 'src'))
})
afterEach(() => rmSync(home, { recursive: true }))

/** Five files, and one whose name a directory with something in it has at the destination, so that every attempt fails. */
function plantStubborn(bytes: number): void {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'z']) writeFileSync(join(home, 'src', name), 'x'.repeat(bytes))
  mkdirSync(join(home, 'dst/z/kept'), { recursive: true })
}

test.each([
  ['HARD', 8, 'Fatal error received - not attempting retries'],
  ['SOFT', 8, "Can't retry any of the errors - not attempting retries"],
])('--max-transfer counts over all attempts: %s', async (mode, status, last) => {
  plantStubborn(1000)
  const limit = ['--max-transfer', '12500b', '--cutoff-mode', mode, '--transfers', '1', '--check-first']
  const ran = await fjord(['copy', '-I', 'src', 'dst', ...limit], { home })
  expect(ran.status).toBe(status)
  expect(ran.stderr).toContain('Attempt 2/3 failed with 1 errors')
  expect(ran.stderr).toContain(last)
  expect(
    (await fjord(['copy', '-I', 'src', 'dst', '--max-transfer', '30k', '--transfers', '1'], { home })).status,
  ).toBe(1)
})

test('--max-duration counts over all attempts, the waiting between them too', async () => {
  plantStubborn(10)
  const started = performance.now()
  const times = ['--max-duration', '4s', '--retries', '9', '--retries-sleep', '1s']
  const ran = await fjord(['copy', '-I', 'src', 'dst', ...times], { home })
  expect(ran.status).toBe(10)
  expect(ran.stderr).toContain('Attempt 2/9 failed')
  expect(ran.stderr).not.toContain('Attempt 6/9 failed')
  expect(performance.now() - started).toBeGreaterThan(4000)
})

test('--tpslimit spreads requests, all but a burst', async () => {
  await using account = await createAccount()
  mkdirSync(join(account.home, 'mine'))
  // Not when they arrive: those that were sent one after the other may do so at once
  const timed = async (dest: string, ...args: readonly string[]): Promise<{ ms: number; requests: number }> => {
    for (let i = 0; i < 6; i++) writeFileSync(join(account.home, `mine/${i}`), `${i} for ${dest}`)
    account.emulator.requests.clear()
    const started = performance.now()
    expect(await account.run('copy', 'mine', dest, ...args)).toMatchObject({ status: 0 })
    const requests = account.emulator.requests.all().length
    expect(requests).toBeGreaterThan(11)
    return { ms: performance.now() - started, requests }
  }
  const { ms, requests } = await timed('jotta:a', '--tpslimit', '5')
  expect(ms).toBeGreaterThan((requests - 2) * 200)
  const burst = await timed('jotta:b', '--tpslimit', '5', '--tpslimit-burst', '8')
  expect(burst.ms).toBeGreaterThan((burst.requests - 9) * 200)
  const atOnce = await timed('jotta:c', '--tpslimit', '1', '--tpslimit-burst', '50')
  expect(atOnce.ms).toBeLessThan((atOnce.requests - 2) * 1000)
})

/** Runs a command. @returns how many requests of the operation were open at once, at the most */
async function mostAtOnce({ emulator, run }: Account, operation: string, args: readonly string[]): Promise<number> {
  const { requests } = emulator
  let most = 0
  const watch = setInterval(() => {
    const open = requests.all().filter((one) => one.operation === operation && one.status === undefined)
    most = Math.max(most, open.length)
  }, 5)
  expect(await run(...args).finally(() => clearInterval(watch))).toMatchObject({ status: 0 })
  return most
}

test('--transfers and --checkers are how many go at once; 0 and less are 1', async () => {
  await using account = await createAccount()
  for (let i = 0; i < 6; i++) {
    mkdirSync(join(account.home, `mine/${i}`), { recursive: true })
    writeFileSync(join(account.home, `mine/${i}/file`), String(i))
  }
  const { faults } = account.emulator
  /** The longer each takes, the surer those that go at once are seen together, however busy the machine is. */
  const most = async (
    wanted: number,
    operation: 'allocate' | 'folder',
    ...args: readonly string[]
  ): Promise<number> => {
    let seen = 0
    for (let ms = 400; seen < wanted && ms < 8000; ms *= 4) {
      await account.run('purge', 'jotta:new')
      faults.add({ operation, times: Infinity, action: { delayMs: ms } })
      seen = await mostAtOnce(account, operation, args)
      faults.clear()
    }
    return seen
  }
  expect(await most(3, 'allocate', 'copy', 'mine', 'jotta:new', '--transfers', '3', '--check-first')).toBe(3)
  expect(await most(1, 'allocate', 'copy', 'mine', 'jotta:new', '--transfers', '0', '--check-first')).toBe(1)
  expect(await account.run('copy', 'mine', 'jotta:there')).toMatchObject({ status: 0 })
  expect(await most(4, 'folder', 'check', 'mine', 'jotta:there', '--checkers', '4')).toBe(4)
  expect(await most(1, 'folder', 'check', 'mine', 'jotta:there', '--checkers', '-1')).toBe(1)
})

describe('the bandwidth limit', () => {
  const seconds = async (...args: readonly string[]): Promise<number> => {
    const started = performance.now()
    expect(await fjord(args, { home })).toMatchObject({ status: 0 })
    return (performance.now() - started) / 1000
  }

  test('holds from the first byte on, for one file and for several: a rate, a timetable, and each file by itself', async () => {
    const copy = async (...args: readonly string[]): Promise<number> => {
      rmSync(join(home, 'dst'), { recursive: true, force: true })
      const took = await seconds('copy', 'src', 'dst', ...args)
      expect(readdirSync(join(home, 'dst'))).toHaveLength(40)
      return took
    }
    for (let i = 0; i < 40; i++) writeFileSync(join(home, `src/${i}`), 'x'.repeat(10_000))
    expect(await copy('--bwlimit', '200k')).toBeGreaterThan(1.8)
    expect(await copy('--bwlimit', '00:00,200k 12:00,200k')).toBeGreaterThan(1.8)
    expect(await copy('--bwlimit', '00:00,off')).toBeLessThan(20)
    const each = await copy('--bwlimit-file', '10k', '--transfers', '40')
    expect(each).toBeGreaterThan(0.9)
    // A limit on all of them together would take twice as long
    expect(each).toBeLessThan(20)
  })

  test('holds where one file is read or sent by itself', async () => {
    await using account = await createAccount()
    const { run } = account
    writeFileSync(join(account.home, 'file'), 'x'.repeat(200_000))
    const limit = ['--bwlimit', '200k']
    const took = async (running: Promise<{ readonly status: number | null }>, status = 0): Promise<number> => {
      const started = performance.now()
      expect(await running).toMatchObject({ status })
      return (performance.now() - started) / 1000
    }
    const atLeast = 0.9
    const { home: at } = account
    expect(
      await took(fjordWithInput(['rcat', 'jotta:m/file', ...limit], { home: at }, Buffer.alloc(200_000))),
    ).toBeGreaterThan(atLeast)
    expect(await took(run('copyto', 'file', 'jotta:n/file', ...limit))).toBeGreaterThan(atLeast)
    expect(await took(run('cat', 'jotta:m/file', ...limit))).toBeGreaterThan(atLeast)
    expect(await took(run('sha1sum', '--download', 'jotta:m', ...limit))).toBeGreaterThan(atLeast)
    mkdirSync(join(at, 'mine'))
    writeFileSync(join(at, 'mine/file'), 'x'.repeat(200_000))
    expect(await took(run('check', '--download', 'mine', 'jotta:n', ...limit))).toBeGreaterThan(atLeast)
  })
})
