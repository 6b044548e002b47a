import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAccount, fjord } from './fjord.ts'

const mebi = 1024 * 1024

test('sync makes an account what a folder is, tells it in a report, and has nothing to do the second time', async () => {
  await using account = await createAccount()
  const { home } = account
  const run = (...args: readonly string[]) => account.run(...args)
  mkdirSync(join(home, 'mine/sub'), { recursive: true })
  writeFileSync(join(home, 'mine/kept'), 'kept')
  writeFileSync(join(home, 'mine/sub/goes'), 'goes')
  expect(await run('sync', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  rmSync(join(home, 'mine/sub'), { recursive: true })
  writeFileSync(join(home, 'mine/new'), 'brand new')
  writeFileSync(join(home, 'mine/kept'), 'kept, and changed')

  expect(await run('sync', 'mine', 'jotta:m', '-n', '--report', 'plan.json')).toMatchObject({ status: 0 })
  const plan: unknown = JSON.parse(readFileSync(join(home, 'plan.json'), 'utf8'))
  const found = {
    new: { files: 1, bytes: 9 },
    changed: { files: 1, bytes: 17 },
    same: { files: 0, bytes: 0 },
    extra: { files: 1, bytes: 4 },
  }
  expect(plan).toMatchObject({ command: 'sync', dryRun: true, exitCode: 0, found, failed: [] })

  expect(await run('sync', 'mine', 'jotta:m', '--report', 'done.json')).toMatchObject({ status: 0 })
  const done: unknown = JSON.parse(readFileSync(join(home, 'done.json'), 'utf8'))
  expect(done).toMatchObject({
    dryRun: false,
    found,
    done: { transferred: { files: 2, bytes: 26 }, deleted: { files: 1 } },
  })
  expect((await run('lsf', '-R', 'jotta:m')).stdout.split('\n').toSorted().join(' ').trim()).toBe('kept new')
  expect((await run('sync', '-v', 'mine', 'jotta:m')).stderr).toContain('There was nothing to transfer')
})

test('what failed can be tried again by itself', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  const run = (...args: readonly string[]) => account.run(...args)
  mkdirSync(join(home, 'mine'))
  for (const name of ['a', 'b', 'c']) writeFileSync(join(home, 'mine', name), name)
  emulator.faults.add({ operation: 'allocate', action: { status: 400 } })
  const args = ['--retries', '1', '--low-level-retries', '1', '--transfers', '1']
  const first = await run('copy', 'mine', 'jotta:m', ...args, '--report-failed', 'failed')
  expect(first.status).not.toBe(0)
  const failed = readFileSync(join(home, 'failed'), 'utf8')
  expect(failed).toMatch(/^[abc]\0$/)
  expect(await run('copy', '-v', 'mine', 'jotta:m', '--files-from0', 'failed')).toMatchObject({
    status: 0,
    stderr: expect.stringContaining(`${failed.slice(0, 1)}: Copied (new)`),
  })
})

test('a source that has shrunk deletes nothing; nor does one that was never measured by other places', async () => {
  await using account = await createAccount()
  const { home } = account
  const run = (...args: readonly string[]) => account.run(...args)
  mkdirSync(join(home, 'mine'))
  for (let i = 0; i < 10; i++) writeFileSync(join(home, `mine/${i}`), 'x')
  const guard = ['--min-source-percent', '50']
  expect(await run('sync', 'mine', 'jotta:m', ...guard)).toMatchObject({ status: 0 })
  for (let i = 0; i < 6; i++) rmSync(join(home, `mine/${i}`))
  const refused = await run('sync', 'mine', 'jotta:m', ...guard)
  expect(refused).toMatchObject({ status: 7, stderr: expect.stringContaining('4 files of 4 bytes') })
  expect((await run('lsf', 'jotta:m')).stdout.trim().split('\n')).toHaveLength(10)
  expect(await run('sync', 'mine', 'jotta:elsewhere', ...guard)).toMatchObject({ status: 0 })
  expect(await run('sync', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  expect((await run('lsf', 'jotta:m')).stdout.trim().split('\n')).toHaveLength(4)
})

test('a second run with --checksum reads no file that did not change', async () => {
  await using account = await createAccount()
  const { home } = account
  const run = (...args: readonly string[]) => account.run(...args)
  mkdirSync(join(home, 'mine'))
  writeFileSync(join(home, 'mine/file'), 'content')
  utimesSync(join(home, 'mine/file'), 1_600_000_000, 1_600_000_000)
  await run('copy', 'mine', 'jotta:m')
  // What has changed within two seconds of being read is not remembered
  await new Promise((resolve) => setTimeout(resolve, 2100))
  expect(await run('copy', '-c', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  const info = (await run('cache', 'info')).stdout
  const remembered = /Directories: 1 /.test(info)
  const before = statSync(join(home, 'mine/file'), { bigint: true }).atimeNs
  utimesSync(join(home, 'mine'), 1_600_000_000, 1_600_000_000)
  expect(await run('copy', '-c', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  if (remembered) expect(statSync(join(home, 'mine/file'), { bigint: true }).atimeNs).toBe(before)
  expect(await run('cache', 'clear')).toMatchObject({ status: 0 })
  expect((await run('cache', 'info')).stdout).toContain('Directories: 0 ')
})

test('a big download comes in several streams, and what an interrupt leaves is gone on with', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  const run = (...args: readonly string[]) => account.run(...args)
  mkdirSync(join(home, 'mine'))
  const content = randomBytes(40 * mebi)
  writeFileSync(join(home, 'mine/big'), content)
  expect(await run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  const abort = new AbortController()
  const slow = fjord(['copy', 'jotta:m', 'back', '--bwlimit', 'off:10M'], { home, signal: abort.signal })
  const partial = (): string | undefined => list(join(home, 'back')).find((name) => name.endsWith('.partial'))
  const received = (): number => {
    const name = partial()
    return name === undefined ? 0 : statSync(join(home, 'back', name)).blocks * 512
  }
  for (let waited = 0; received() < 12 * mebi && waited < 30_000; waited += 20)
    await new Promise((resolve) => setTimeout(resolve, 20))
  abort.abort()
  expect((await slow).status).toBe(143)
  expect(partial()).toBeDefined()
  const sentBefore = emulator.counters.of('download').bytesSent
  const again = await run('copy', '-v', 'jotta:m', 'back')
  expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('big: Multi-thread Copied (new)') })
  expect(emulator.counters.of('download').bytesSent - sentBefore).toBeLessThan(32 * mebi)
  expect(readFileSync(join(home, 'back/big')).equals(content)).toBe(true)
  expect(list(join(home, 'back'))).toEqual(['big'])
})

test('flags that mean nothing are taken and said so, those that are not there are refused', async () => {
  await using account = await createAccount()
  const taken = await account.run('lsf', 'jotta:', '-v', '--use-mmap', '--disable-http2')
  expect(taken).toMatchObject({ status: 0, stderr: expect.stringContaining('--use-mmap has no effect in fjord') })
  const there = { home: account.home, env: { RCLONE_USE_MMAP: 'true' } }
  expect((await fjord(['lsf', 'jotta:', '-v'], there)).stderr).toContain('--use-mmap has no effect in fjord')
  const described = await account.run('lsf', 'jotta:', '-v', '--jottacloud-description', 'mine')
  expect(described.stderr).toContain('--jottacloud-description has no effect in fjord')
  const refused = await account.run('lsf', 'jotta:', '--rc')
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('--rc is not supported yet') })
})

test('what is not to be done on the server comes through here; what copy cannot do it says', async () => {
  await using account = await createAccount()
  writeFileSync(join(account.home, 'file'), 'x')
  expect(await account.run('copy', 'file', 'jotta:a')).toMatchObject({ status: 0 })
  const [there, here] = [
    await account.run('copy', '-v', 'jotta:a', 'jotta:b'),
    await account.run('copy', '-v', 'jotta:a', 'jotta:c', '--disable', 'copy,nosuch'),
  ]
  expect(there.stderr).toContain('file: Copied (server-side copy)')
  expect(here.stderr).toContain('file: Copied (new)')
  expect(here.stderr).toContain('--disable nosuch has no effect in fjord')
  const copied = await account.run('copy', '--track-renames', 'jotta:a', 'jotta:d')
  const text = "Ignoring --track-renames as it doesn't work with copy or move, only sync"
  expect(copied).toMatchObject({ status: 0, stderr: expect.stringContaining(text) })
})

function list(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
