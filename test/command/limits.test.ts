import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccount, fjord } from './fjord.ts'

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
  const times = ['--max-duration', '1500ms', '--retries', '5', '--retries-sleep', '1s']
  const ran = await fjord(['copy', '-I', 'src', 'dst', ...times], { home })
  expect(ran.status).toBe(10)
  expect(ran.stderr).toContain('Attempt 2/5 failed')
  expect(ran.stderr).not.toContain('Attempt 3/5 failed')
  expect(performance.now() - started).toBeGreaterThan(1500)
})

test('--tpslimit spreads requests, all but a burst', async () => {
  await using account = await createAccount()
  mkdirSync(join(account.home, 'mine'))
  for (let i = 0; i < 6; i++) writeFileSync(join(account.home, `mine/${i}`), 'x')
  const seconds = async (dest: string, ...args: readonly string[]): Promise<{ span: number; requests: number }> => {
    account.emulator.requests.clear()
    expect(await account.run('copy', 'mine', dest, ...args)).toMatchObject({ status: 0 })
    const times = account.emulator.requests.all().map(({ at }) => at)
    return { span: Math.max(...times) - Math.min(...times), requests: times.length }
  }
  const { span, requests } = await seconds('jotta:a', '--tpslimit', '10')
  expect(requests).toBeGreaterThan(11)
  expect(span).toBeGreaterThan((requests - 2) * 100)
  const burst = await seconds('jotta:b', '--tpslimit', '10', '--tpslimit-burst', '8')
  expect(burst.span).toBeGreaterThan((burst.requests - 9) * 100)
  expect(burst.span).toBeLessThan(span)
})

test('--bwlimit with a timetable holds what it says for now, --bwlimit-file for each file', async () => {
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(home, 'src', name), 'x'.repeat(100_000))
  const seconds = async (dest: string, ...args: readonly string[]): Promise<number> => {
    const started = performance.now()
    expect(await fjord(['copy', 'src', dest, ...args], { home })).toMatchObject({ status: 0 })
    expect(readdirSync(join(home, dest))).toHaveLength(4)
    return (performance.now() - started) / 1000
  }
  const free = await seconds('free')
  // Three of the four wait until those before them are paid for
  expect(await seconds('always', '--bwlimit', '200k')).toBeGreaterThan(1.3)
  expect(await seconds('table', '--bwlimit', '00:00,200k 12:00,200k')).toBeGreaterThan(1.3)
  expect(await seconds('other', '--bwlimit', '00:00,off')).toBeLessThan(free + 1)
  // A file of one chunk has nobody to wait for
  expect(await seconds('file', '--bwlimit-file', '200k')).toBeLessThan(free + 1)
  writeFileSync(join(home, 'src/a'), 'x'.repeat(2_500_000))
  expect(await seconds('big', '--bwlimit-file', '1M')).toBeGreaterThan(0.9)
})
