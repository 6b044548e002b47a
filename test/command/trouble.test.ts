import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { bin, createAccount, fjord } from './fjord.ts'
import { hasNobody, nobody } from './nobody.ts'

// Each item of trouble gets an error that names it; the rest is done, nothing is deleted, the exit code is rclone's
const once = ['--retries', '1', '--low-level-retries', '1']
let account: Account
let home = ''

beforeAll(async () => {
  account = await createAccount()
  home = account.home
  chmodSync(home, 0o755)
})
beforeEach(async () => {
  for (const dir of ['mine', 'back']) rmSync(join(home, dir), { recursive: true, force: true })
  await account.run('purge', 'jotta:there')
})
afterEach(() => {
  account.emulator.faults.clear()
  account.emulator.clock.set(Date.now())
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(home, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
}

const run = (...args: readonly string[]): Promise<Ran> => account.run(...args)
// Who is not root may not read the config either
const asNobody = () => ({ home, uid: nobody, env: { RCLONE_CONFIG: '' } })
const at = (dir: string): string =>
  readdirSync(join(home, dir), { recursive: true, encoding: 'utf8' }).toSorted().join(' ')
const there = async (): Promise<string> =>
  (await run('lsf', '-R', '--files-only', 'jotta:there')).stdout.trim().split('\n').toSorted().join(' ')

describe.skipIf(!hasNobody)('directories and files that may not be read, among others,', () => {
  function plant(): void {
    write({
      'mine/a/f': 'a',
      'mine/closed/f': 'c',
      'mine/z/f': 'z',
      'mine/secret': 's',
      'back/closed/f': 'old',
      'back/extra/f': 'e',
    })
    for (const path of ['mine', 'back', 'back/extra', 'back/closed', 'back/closed/f', 'back/extra/f'])
      chownSync(join(home, path), nobody, nobody)
    for (const path of ['mine/closed', 'mine/secret']) chmodSync(join(home, path), 0)
  }

  test.each([['--delete-after'], ['--delete-before'], ['--delete-during'], ['--fast-list'], ['--track-renames']])(
    'are named by sync %s, the others come, and nothing is deleted',
    async (flag) => {
      plant()
      const ran = await fjord(['sync', 'mine', 'back', flag, ...once], asNobody())
      expect(ran.status, ran.stderr).toBe(1)
      expect(ran.stderr).toMatch(/ERROR : closed: .*permission denied/)
      expect(ran.stderr).toMatch(/ERROR : secret: Failed to copy: .*permission denied/)
      expect(ran.stderr).toContain('not deleting files as there were IO errors')
      expect(at('back')).toBe('a a/f closed closed/f extra extra/f z z/f')
    },
  )

  test('are named by move, and stay; by check and md5sum, which go on', async () => {
    plant()
    for (const path of ['mine/a', 'mine/z']) chownSync(join(home, path), nobody, nobody)
    const hashed = await fjord(['md5sum', 'mine'], asNobody())
    expect(
      hashed.stdout
        .trim()
        .split('\n')
        .map((line) => line.slice(34))
        .toSorted(),
    ).toEqual(['a/f', 'z/f'])
    expect(hashed).toMatchObject({ status: 1, stderr: expect.stringContaining('closed: error listing') })
    const checked = await fjord(['check', 'mine', 'back'], asNobody())
    expect(checked).toMatchObject({ status: 1, stderr: expect.stringMatching(/ERROR : closed: .*permission denied/) })
    const moved = await fjord(['move', 'mine', 'back', ...once], asNobody())
    expect(moved).toMatchObject({ status: 1, stderr: expect.stringMatching(/ERROR : closed: .*permission denied/) })
    expect(at('mine')).toContain('closed closed/f')
    expect(at('back')).toContain('a/f')
  })

  test('in the destination keep sync from writing there alone', async () => {
    plant()
    for (const path of ['mine/closed', 'mine/secret']) chmodSync(join(home, path), 0o755)
    chmodSync(join(home, 'back/closed'), 0)
    const ran = await fjord(['sync', 'mine', 'back', ...once], asNobody())
    expect(ran.status).toBe(1)
    expect(ran.stderr).toMatch(/ERROR : closed: error reading destination directory: .*permission denied/)
    expect(at('back')).toBe('a a/f closed closed/f extra extra/f secret z z/f')
  })
})

test('a local file or directory that vanishes in the middle is an error that names it; the others come, nothing is deleted', async () => {
  write({ 'mine/gone': 'g', 'mine/later/f': 'l', 'mine/first': 'first', 'mine/stays': 's', 'back/extra': 'e' })
  await run('copy', 'back', 'jotta:there')
  const { faults, counters } = account.emulator
  faults.add({ operation: 'allocate', path: 'first', action: { delayMs: 1500 } })
  counters.reset()
  const syncing = run('sync', 'mine', 'jotta:there', ...once, '--transfers', '1', '--order-by', 'name', '--check-first')
  await expect.poll(() => counters.of('allocate').requests, { interval: 10 }).toBe(1)
  rmSync(join(home, 'mine/gone'))
  rmSync(join(home, 'mine/later'), { recursive: true })
  const { status, stderr } = await syncing
  expect(status, stderr).not.toBe(0)
  for (const name of ['gone', 'later/f'])
    expect(stderr).toMatch(new RegExp(`ERROR : ${name}: Failed to copy: .*no such file`))
  expect(stderr).toContain('not deleting files as there were IO errors')
  expect(await there()).toBe('extra first stays')
})

// Gives a process mounts of its own, gone with it
const mounts = spawnSync('/usr/bin/unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

test.skipIf(!mounts)(
  'a disk that fills up: what does not fit is named, the rest comes, nothing half is left or deleted',
  async () => {
    write({ 'mine/a': 'a'.repeat(1_500_000), 'mine/b': 'b'.repeat(1_500_000), 'mine/c': 'c' })
    mkdirSync(join(home, 'back'))
    const script = `mount -t tmpfs -o size=2m tmpfs back; echo old > back/extra
    '${process.execPath}' '${bin}' sync mine back --retries 1 --transfers 1 --order-by name --check-first; echo $?; ls back`
    const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'fjord.conf') }
    const { stdout, stderr } = spawnSync('/usr/bin/unshare', ['-m', 'sh', '-c', script], {
      cwd: home,
      env,
      encoding: 'utf8',
    })
    expect(stdout).toBe('1\na\nc\nextra\n')
    expect(stderr).toMatch(/ERROR : b: Failed to copy: .*no space left on device/)
    expect(stderr).toContain('not deleting files as there were IO errors')
    expect(stderr).toContain('make room on the disk')
  },
)

describe('clocks that do not agree', () => {
  const day = 86_400_000

  test.each([[-400 * day], [-3600_000], [3600_000], [400 * day]])(
    'a service that is %i ms off: all comes and goes once',
    async (skew) => {
      account.emulator.clock.set(Date.now() + skew)
      write({ 'mine/a': 'a', 'mine/b': 'b' })
      expect(await run('sync', 'mine', 'jotta:there')).toMatchObject({ status: 0 })
      for (const args of [['--update'], ['--checksum'], []])
        expect((await run('sync', '-v', 'mine', 'jotta:there', ...args)).stderr).toContain(
          'There was nothing to transfer',
        )
      expect(await run('sync', 'jotta:there', 'back')).toMatchObject({ status: 0 })
      expect((await run('sync', '-v', 'jotta:there', 'back')).stderr).toContain('There was nothing to transfer')
      write({ 'mine/a': 'newer' })
      expect(await run('sync', '--update', 'mine', 'jotta:there')).toMatchObject({ status: 0 })
      expect((await run('cat', 'jotta:there/a')).stdout).toBe('newer')
    },
  )

  test('files from the future are copied once, are young for a filter, and are not taken for unchanged', async () => {
    write({ 'mine/late': 'late' })
    const late = Date.now() / 1000 + 10 * 365 * 86_400
    utimesSync(join(home, 'mine/late'), late, late)
    expect(await run('copy', 'mine', 'jotta:there', '--max-age', '1h')).toMatchObject({ status: 0 })
    expect((await run('copy', '-v', 'mine', 'jotta:there')).stderr).toContain('There was nothing to transfer')
    expect((await run('lsf', 'mine', '--min-age', '1s')).stdout).toBe('')
    await run('copy', '-c', 'mine', 'jotta:there')
    write({ 'mine/late': 'LATE' })
    utimesSync(join(home, 'mine/late'), late, late)
    expect(await run('copy', '-c', 'mine', 'jotta:there')).toMatchObject({ status: 0 })
    expect((await run('cat', 'jotta:there/late')).stdout).toBe('LATE')
  })
})

describe('a broken link', () => {
  test.each([[[]], [['-L']]])(
    'as the source is a directory that is not there, exit 3, and nothing is deleted: %j',
    async (flags) => {
      write({ 'back/extra': 'e', 'mine/a': 'a' })
      symlinkSync('nowhere', join(home, 'mine/link'))
      const ran = await run('sync', 'mine/link', 'back', ...flags, ...once)
      expect(ran.status).toBe(3)
      expect(ran.stderr).toContain('mine/link: error reading source root directory: directory not found')
      expect(at('back')).toBe('extra')
    },
  )

  test('in the source that is followed is named, the others come, and nothing is deleted; not followed, it is left out', async () => {
    write({ 'back/extra': 'e', 'mine/a': 'a' })
    symlinkSync('nowhere', join(home, 'mine/link'))
    const followed = await run('sync', '-L', 'mine', 'back', ...once)
    expect(followed.status).toBe(1)
    expect(followed.stderr).toMatch(/ERROR : link: Listing error: .*no such file or directory/)
    expect(at('back')).toBe('a extra')
    expect(await run('sync', 'mine', 'back')).toMatchObject({ status: 0, stderr: expect.stringContaining('link: ') })
    expect(at('back')).toBe('a')
  })
})

describe('a listing that fails after half', () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`mine/sub/file ${i}`, `${i}`]))

  test.each([
    ['folder', []],
    ['liststream', ['--fast-list']],
  ] as const)(
    'of the service (%s) is named, the rest is done, nothing is deleted here or there',
    async (operation, flags) => {
      write({ ...many, 'mine/a': 'a' })
      await run('copy', 'mine', 'jotta:there')
      const path = operation === 'folder' ? '/there/sub' : '/there'
      for (const action of [{ reset: 'response-body', afterBytes: 20_000 }, { truncate: 20_000 }] as const) {
        account.emulator.faults.add({ operation, path, times: Infinity, action })
        write({ 'mine/new': 'new', 'back/extra': 'e' })
        const up = await run('sync', 'mine', 'jotta:there', ...flags, ...once, '--exclude', 'a')
        expect(up.status, up.stderr).not.toBe(0)
        expect(up.stderr).toMatch(
          operation === 'folder'
            ? /ERROR : sub: error reading destination directory/
            : /ERROR : .*error reading destination root directory/,
        )
        expect(up.stderr).toContain('not deleting files as there were IO errors')
        const down = await run('sync', 'jotta:there', 'back', ...flags, ...once)
        expect(down.status).not.toBe(0)
        expect(down.stderr).toContain('not deleting files as there were IO errors')
        expect(at('back')).toContain('extra')
        account.emulator.faults.clear()
        expect((await there()).match(/sub\/file/g)).toHaveLength(200)
        rmSync(join(home, 'back'), { recursive: true })
      }
      expect(readFileSync(join(home, 'mine/new'), 'utf8')).toBe('new')
    },
  )
})
