import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount, startFjord } from './fjord.ts'

const mebi = 1024 * 1024

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (holds()) return
    await setTimeout(20)
  }
  throw new Error('it did not come to that')
}

function sizes(dir: string): Record<string, number> {
  try {
    return Object.fromEntries(readdirSync(dir).map((name) => [name, statSync(join(dir, name)).blocks * 512]))
  } catch {
    return {}
  }
}

/** An account with a file that comes in parts, one that comes in one stream, and a small one; the contents by name. */
async function filled(account: Account): Promise<Record<string, Buffer>> {
  const contents = { big: randomBytes(32 * mebi), medium: randomBytes(6 * mebi), small: randomBytes(1000) }
  mkdirSync(join(account.home, 'mine'))
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(account.home, 'mine', name), content)
  expect(await account.run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  return contents
}

test.each([
  ['SIGINT', 130, 'interrupt'],
  ['SIGTERM', 143, 'terminated'],
] as const)(
  '%s ends a download with %i; what a record describes is kept, the rest removed',
  async (signal, code, name) => {
    await using account = await createAccount()
    const { home } = account
    const contents = await filled(account)
    const back = join(home, 'back')
    const limits = ['--bwlimit', 'off:6M', '--report', 'report.json', '--stats-one-line']
    const running = startFjord(['copy', '-v', 'jotta:m', 'back', ...limits], { home })
    // Parts that are whole are remembered every 8 MiB, and of the file in one stream something is there
    const partOf = (file: string): number =>
      Object.entries(sizes(back)).find(([there]) => there.startsWith(`${file}.`))?.[1] ?? 0
    await until(() => partOf('big') > 12 * mebi && partOf('medium') > mebi)
    running.send(signal)
    const { status, stderr } = await running.ended
    expect(status).toBe(code)
    expect(stderr).toContain(`INFO  : Signal received: ${name}\n`)
    expect(stderr).toMatch(/ MiB \/ 38\.\d+ MiB, \d\d%, .*\n.*INFO {2}: Exiting\.\.\.\n$/)
    expect(stderr).not.toContain('ERROR')
    expect(Object.keys(sizes(back))).toEqual([expect.stringMatching(/^big\.[0-9a-f]{8}\.partial$/), 'small'])
    const report: unknown = JSON.parse(readFileSync(join(home, 'report.json'), 'utf8'))
    expect(report).toMatchObject({ exitCode: code, done: { transferred: { files: 1 } } })

    const before = account.emulator.counters.of('download').bytesSent
    expect(await account.run('copy', 'jotta:m', 'back')).toMatchObject({ status: 0 })
    expect(account.emulator.counters.of('download').bytesSent - before).toBeLessThan(31 * mebi)
    for (const [file, content] of Object.entries(contents))
      expect(readFileSync(join(back, file)).equals(content)).toBe(true)
    expect(Object.keys(sizes(back))).toEqual(['big', 'medium', 'small'])
  },
)

test('SIGTERM ends an upload, and the next run sends the rest', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  mkdirSync(join(home, 'mine'))
  const content = randomBytes(24 * mebi)
  writeFileSync(join(home, 'mine/big'), content)
  const running = startFjord(['copy', 'mine', 'jotta:m', '--bwlimit', '8M'], { home })
  await until(() => emulator.counters.of('upload').bytesReceived > 8 * mebi)
  running.send('SIGTERM')
  expect(await running.ended).toMatchObject({ status: 143 })
  const sent = emulator.counters.of('upload').bytesReceived
  expect(await account.run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  expect(emulator.counters.of('upload').bytesReceived - sent).toBeLessThan(20 * mebi)
  expect((await account.run('check', '--download', 'mine', 'jotta:m')).status).toBe(0)
})

test('a second signal ends it at once, whatever it was still waiting for', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  const config = readFileSync(join(home, 'fjord.conf'), 'utf8')
  writeFileSync(join(home, 'fjord.conf'), config.replace(/"expiry":"[^"]*"/, '"expiry":"2001-01-01T00:00:00Z"'))
  emulator.faults.add({ operation: 'token', times: Infinity, action: { hang: true } })
  const before = emulator.counters.of('token').requests
  const running = startFjord(['lsf', '-v', 'jotta:'], { home })
  await until(() => emulator.counters.of('token').requests > before)
  running.send('SIGINT')
  await until(() => running.stderr().includes('Signal received'))
  const ended = running.ended.then(() => 'ended')
  expect(await Promise.race([ended, setTimeout(1000, 'waits')])).toBe('waits')
  running.send('SIGINT')
  expect((await running.ended).status).toBe(130)
})

test('SIGUSR2 lifts the limit of a copy that runs, and without a limit it ends nothing', async () => {
  await using account = await createAccount()
  const { home } = account
  mkdirSync(join(home, 'mine'))
  writeFileSync(join(home, 'mine/a'), randomBytes(4 * mebi))
  const limited = startFjord(['copy', '-v', 'mine', 'jotta:m', '--bwlimit', '50k'], { home })
  await until(() => account.emulator.counters.of('upload').requests > 0)
  limited.send('SIGUSR2')
  // At 50 KiB a second it would take more than a minute
  const ran = await limited.ended
  expect(ran).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('Bandwidth limit disabled by user (now off)'),
  })
  const free = startFjord(['copy', '-vv', 'jotta:m', 'back', '--tpslimit', '2'], { home })
  await until(() => free.stderr().includes('DEBUG'))
  free.send('SIGUSR2')
  expect(await free.ended).toMatchObject({ status: 0 })
})
