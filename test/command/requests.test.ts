import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount, fjordWithInput } from './fjord.ts'

const files = 60
let account: Account

beforeAll(async () => {
  account = await createAccount()
  mkdirSync(join(account.home, 'mine/sub'), { recursive: true })
  for (let at = 0; at < files; at++) {
    writeFileSync(join(account.home, `mine/${at % 2 ? 'sub/' : ''}file ${at}`), `content ${at}`)
  }
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

/** The requests of a run, by operation. */
async function requests(...args: readonly string[]): Promise<Record<string, number>> {
  account.emulator.counters.reset()
  expect(await account.run(...args), args.join(' ')).toMatchObject({ status: 0 })
  return counted()
}

function counted(): Record<string, number> {
  const counts = Object.entries(account.emulator.counters.all())
  return Object.fromEntries(counts.map(([operation, count]) => [operation, count.requests]))
}

test('for new files there are two each, for known content one, and one for each directory that is looked at', async () => {
  expect(await requests('copy', 'mine', 'jotta:new')).toEqual({ missing: 2, allocate: files, upload: files })
  expect((2 + 2 * files) / files).toBeLessThanOrEqual(2.05)
  expect(await requests('copy', 'mine', 'jotta:known')).toEqual({ missing: 2, allocate: files })
})

test('where nothing is to be done there is one for each directory, or one for all', async () => {
  expect(await requests('copy', 'mine', 'jotta:new')).toEqual({ folder: 3 })
  expect(await requests('sync', '--fast-list', 'mine', 'jotta:new')).toEqual({ folder: 1, liststream: 1 })
})

test('a recursive listing of an account is one request, and there is none at the start', async () => {
  for (const command of [['lsf', '-R'], ['ls'], ['size'], ['tree'], ['md5sum']]) {
    expect(await requests(...command, 'jotta:')).toEqual({ liststream: 1 })
  }
  expect(await requests('lsf', 'jotta:')).toEqual({ mountpoint: 1 })
})

test('a download is one request, and so is the reading of a file that has been listed', async () => {
  expect(await requests('copy', 'jotta:new', 'back')).toEqual({ folder: 3, download: files })
  expect(await requests('cat', 'jotta:new/sub', '--max-depth', '1')).toEqual({ folder: 2, download: files / 2 })
})

test('one file is looked at once before something is done with it', async () => {
  expect(await requests('cat', 'jotta:new/file 0')).toEqual({ file: 1, download: 1 })
  expect(await requests('copyto', 'jotta:new/file 0', 'one')).toEqual({ file: 1, download: 1 })
  expect(await requests('copy', 'mine/file 0', 'jotta:other')).toEqual({ missing: 2, allocate: 1 })
  expect(await requests('deletefile', 'jotta:other/file 0')).toEqual({ file: 2, dl: 1 })
  account.emulator.counters.reset()
  await fjordWithInput(['rcat', 'jotta:piped'], { home: account.home }, Buffer.from('piped'))
  expect(counted()).toEqual({ allocate: 1, upload: 1 })
})
