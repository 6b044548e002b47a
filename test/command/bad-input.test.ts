import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { createAccount } from './fjord.ts'
import { snapshot } from './trees.ts'

const once = ['--retries', '1', '--low-level-retries', '1']
let account: Account

beforeAll(async () => {
  account = await createAccount()
})
beforeEach(async () => {
  rmSync(join(account.home, 'mine'), { recursive: true, force: true })
  await account.run('purge', 'jotta:there')
  await account.run('cleanup', 'jotta:')
})
afterEach(() => {
  account.emulator.faults.clear()
  account.emulator.account.set({ quota: 2 ** 40, writeLocked: false })
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(account.home, 'mine', path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
}

const run = (...args: readonly string[]): Promise<Ran> => account.run(...args)
const there = async (): Promise<string> =>
  (await run('lsf', '-R', 'jotta:there')).stdout.split('\n').toSorted().join(' ').trim()

test('an account that gets full keeps what it has, takes what fits, and the error says what to do', async () => {
  write({ old: 'old' })
  await run('copy', 'mine', 'jotta:there')
  account.emulator.account.set({ quota: 2000 })
  write({ big: 'x'.repeat(3000), fits: 'fits', old: 'o'.repeat(2500) })
  const ran = await run('copy', 'mine', 'jotta:there', ...once)
  expect(ran.status).not.toBe(0)
  for (const name of ['big', 'old']) expect(ran.stderr).toMatch(new RegExp(`ERROR : ${name}: Failed to copy: .*507`))
  expect(ran.stderr).toContain('make room')
  expect(await there()).toBe('fits old')
  expect((await run('cat', 'jotta:there/old')).stdout).toBe('old')
})

test('an account that is locked for writing says so, of every command that changes, and can be read', async () => {
  write({ a: 'a' })
  await run('copy', 'mine', 'jotta:there')
  account.emulator.account.set({ writeLocked: true })
  write({ b: 'b' })
  for (const args of [
    ['copy', 'mine', 'jotta:there'],
    ['delete', 'jotta:there'],
    ['purge', 'jotta:there'],
    ['mkdir', 'jotta:new'],
    ['moveto', 'jotta:there/a', 'jotta:there/b'],
  ]) {
    const ran = await run(...args, ...once)
    expect(ran.status, args.join(' ')).not.toBe(0)
    expect(ran.stderr).toContain('locked for writing')
  }
  expect((await run('cat', 'jotta:there/a')).stdout).toBe('a')
  expect(await there()).toBe('a')
})

test('a name that the service refuses is an error that names it; one too long is known before; the rest is copied', async () => {
  write({ 'a\u200bb': 'invisible', fine: 'fine' })
  const ran = await run('copy', 'mine', 'jotta:there', ...once)
  expect(ran.status).not.toBe(0)
  expect(ran.stderr).toMatch(/ERROR : a\u200bb: .*400/)
  expect(await there()).toBe('fine')
  const bad = Buffer.concat([Buffer.from(join(account.home, 'mine/')), Buffer.alloc(100, 0xff)]) // 300 characters there
  writeFileSync(bad, 'too long')
  write({ ['%'.repeat(255)]: 'fits' })
  const second = await run('copy', 'mine', 'jotta:there', ...once)
  expect(second.stderr).toMatch(/ERROR : .*would be 300 characters long/)
  expect((await there()).split(' ')).toContain('%'.repeat(255))
})

test('a file that changes while it is sent is sent as it is then, or reported, and never half of each', async () => {
  const file = join(account.home, 'mine/changing')
  const { faults, counters } = account.emulator
  for (const [retries, status] of [
    [3, 0],
    [1, 5],
  ] as const) {
    write({ changing: `old ${retries}`.repeat(500_000), other: `other ${retries}` })
    const id = faults.add({ operation: 'allocate', path: 'changing', action: { delayMs: 700 } })
    counters.reset()
    const copying = run('copy', 'mine', `jotta:there/${retries}`, '--retries', String(retries))
    const acted = () => faults.all().find((fault) => fault.id === id)?.acted
    await expect.poll(acted, { interval: 20 }).toBe(1)
    const content = `new ${retries}`.repeat(500_000)
    writeFileSync(file, content)
    const ran = await copying
    const allocations = counters.of('allocate').requests
    expect(ran.status, ran.stderr).toBe(status)
    expect((await run('cat', `jotta:there/${retries}/other`)).stdout).toBe(`other ${retries}`)
    const names = (await run('lsf', `jotta:there/${retries}`)).stdout
    expect(names).toBe(status === 0 ? 'changing\nother\n' : 'other\n')
    // the low-level retries would meet the same
    if (status === 5) expect(allocations).toBe(2)
    if (status === 0) expect((await run('cat', `jotta:there/${retries}/changing`)).stdout).toBe(content)
    else expect(ran.stderr).toMatch(/ERROR : changing: .*being updated/)
  }
})

test('a file that is listed and gone is an error that names it, and the others come', async () => {
  write({ a: 'a', b: 'b', c: 'c' })
  await run('copy', 'mine', 'jotta:there')
  account.emulator.faults.add({ operation: 'download', path: 'b', times: Infinity, action: { status: 404 } })
  const ran = await run('copy', 'jotta:there', 'back', ...once, '--report', 'report.json')
  expect(ran.status).not.toBe(0)
  expect(ran.stderr).toMatch(/ERROR : b: .*it is listed, but the service does not have its content/)
  expect(readdirSync(join(account.home, 'back'))).toEqual(['a', 'c'])
  const report: unknown = JSON.parse(readFileSync(join(account.home, 'report.json'), 'utf8'))
  expect(report).toMatchObject({ failed: [{ path: 'b' }] })
})

test('a folder where a file is to be, and the reverse, is an error; neither is touched, and the rest is copied', async () => {
  write({ 'x/in': 'in x', y: 'file y', fine: 'fine' })
  await run('copy', 'mine', 'jotta:there')
  rmSync(join(account.home, 'mine'), { recursive: true })
  write({ x: 'now a file', 'y/in': 'now a folder', also: 'also' })
  const ran = await run('copy', 'mine', 'jotta:there', ...once)
  expect(ran.status).not.toBe(0)
  expect(ran.stderr).toMatch(/ERROR : x: /)
  expect(ran.stderr).toMatch(/ERROR : y\/in: /)
  expect(await there()).toBe('also fine x/ x/in y')
  expect((await run('cat', 'jotta:there/y')).stdout).toBe('file y')
  const copyto = await run('copyto', 'mine/x', 'jotta:there/x', ...once)
  expect(copyto.status).not.toBe(0)
  expect(await there()).toBe('also fine x/ x/in y')
})

test('a purge whose answer is lost is done; one that is refused, or interrupted before, has done nothing', async () => {
  write({ a: 'a', 'sub/b': 'b' })
  await run('copy', 'mine', 'jotta:there')
  const { faults } = account.emulator
  faults.add({ operation: 'dlDir', times: Infinity, action: { status: 503 } })
  expect((await run('purge', 'jotta:there', ...once)).status).not.toBe(0)
  faults.clear()
  faults.add({ operation: 'dlDir', action: { reset: 'before' } })
  expect((await run('purge', 'jotta:there', ...once)).status).not.toBe(0)
  expect(await there()).toBe('a sub/ sub/b')
  faults.add({ operation: 'dlDir', action: { effectThenReset: true } })
  expect(await run('purge', 'jotta:there', '--retries', '1')).toMatchObject({ status: 0 })
  expect((await run('lsf', 'jotta:there')).status).toBe(3)
  faults.add({ operation: 'purgeTrash', action: { effectThenReset: true } })
  expect(await run('cleanup', 'jotta:')).toMatchObject({ status: 0 })
  expect((await run('lsf', '-R', 'jotta,trashed_only:')).stdout).toBe('')
})

test('times before 1970 and after 2038, and empty files, go there and come back; then there is nothing to do', async () => {
  write({ old: 'old', edge: '', late: 'late', empty: '' })
  for (const [name, seconds] of [
    ['old', -2_000_000_000],
    ['edge', -1],
    ['late', 2 ** 31 + 5],
    ['empty', 4_102_444_800],
  ] as const) {
    const time = new Date(seconds * 1000) // a number below 0 would stand for now
    utimesSync(join(account.home, 'mine', name), time, time)
    expect(statSync(join(account.home, 'mine', name)).mtimeMs).toBe(seconds * 1000)
  }
  rmSync(join(account.home, 'back'), { recursive: true, force: true })
  expect(await run('copy', 'mine', 'jotta:there')).toMatchObject({ status: 0 })
  expect(await run('copy', 'jotta:there', 'back')).toMatchObject({ status: 0 })
  expect(snapshot(join(account.home, 'back'))).toEqual(snapshot(join(account.home, 'mine')))
  for (const [from, to] of [
    ['mine', 'jotta:there'],
    ['jotta:there', 'mine'],
  ] as const) {
    expect((await run('sync', '-v', from, to)).stderr).toContain('There was nothing to transfer')
  }
})
