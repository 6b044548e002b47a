import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import type { Entry, FileEntry } from '../../core/entry.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second, timeFrom } from '../../core/time.ts'

let account: EmulatedJottacloud
let remote: Remote

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  remote = account.remote()
})
afterEach(async () => {
  account.emulator.faults.clear()
  await remote.close?.()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

function put(path: string, content: string): Promise<FileEntry> {
  return remote.write(path, sourceFromBytes(Buffer.from(content), { modified: timeFrom(1_600_000_000_000) }))
}

async function text(
  path: string,
  options: { readonly expect?: FileEntry; readonly revision?: string } = {},
): Promise<string> {
  await using reader = await remote.open(path, options)
  return Buffer.from(await collect(reader.stream())).toString()
}

async function entries(pages: AsyncIterable<readonly Entry[]> | undefined): Promise<readonly Entry[]> {
  const found: Entry[] = []
  for await (const page of pages ?? []) found.push(...page)
  return found
}

function requests(operation?: string): number {
  return account.emulator.counters.of(operation).requests
}

async function file(path: string): Promise<FileEntry> {
  const entry = await remote.stat(path)
  if (entry?.kind !== 'file') throw new Error(`${path} is no file`)
  return entry
}

describe('listings', () => {
  test('long ones come in pages, and recursive ones agree with them', async () => {
    const names = Array.from({ length: 2500 }, (_, i) => `long/${i % 2 ? 'sub/' : ''}file ${i}`)
    account.emulator.seed(names.map((path) => ({ path: `Archive/${path}`, size: 3 })))
    const pages: (readonly Entry[])[] = []
    for await (const page of remote.list('LONG')) pages.push(page)
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat()).toHaveLength(1251)
    expect(await remote.stat('long')).toMatchObject({ kind: 'dir', path: 'long' })
    const all = await entries(remote.listAll?.('LONG'))
    expect(new Set(all.map((entry) => entry.path))).toEqual(
      new Set(['LONG/sub', ...names.map((name) => name.replace('long', 'LONG'))]),
    )
  })

  test('of a whole tree come while the answer still arrives', async () => {
    const files = Array.from({ length: 5000 }, (_, i) => ({ path: `Archive/wide/sub ${i % 50}/file ${i}`, size: 3 }))
    account.emulator.seed(files)
    account.emulator.faults.add({ operation: 'liststream', action: { hang: 'response-body', afterBytes: 700_000 } })
    const controller = new AbortController()
    const pages = (remote.listAll?.('wide', { signal: controller.signal }) ?? expect.fail())[Symbol.asyncIterator]()
    const first = await pages.next()
    expect(first.value?.length).toBeLessThan(2000)
    controller.abort(new Error('enough'))
    await expect(pages.next().then(() => pages.next())).rejects.toThrow('enough')
  })

  test('hide what is in the trash or was never finished', async () => {
    await put('hidden/kept', '1')
    await put('hidden/trashed', '2')
    await put('hidden/dir/x', '3')
    await remote.remove('hidden/trashed')
    await remote.purge?.('hidden/dir')
    account.emulator.faults.add({ operation: 'upload', action: { reset: 'request-body', afterBytes: 2 } })
    await expect(put('hidden/unfinished', String(Math.random()))).rejects.toMatchObject({ code: 'network' })
    for (const pages of [remote.list('hidden'), remote.listAll?.('hidden')]) {
      expect((await entries(pages)).map((entry) => entry.path)).toEqual(['hidden/kept'])
    }
    for (const path of ['hidden/trashed', 'hidden/dir', 'hidden/unfinished'])
      expect(await remote.stat(path)).toBeUndefined()
    await expect(entries(remote.list('hidden/dir'))).rejects.toMatchObject({ code: 'dir-not-found' })
    await expect(entries(remote.listAll?.('hidden/dir'))).rejects.toMatchObject({ code: 'dir-not-found' })
  })

  test('with an answer that breaks off fail, to be repeated', async () => {
    await put('broken/file', '1')
    for (const operation of ['folder', 'liststream']) {
      account.emulator.faults.add({ operation, action: { reset: 'response-body', afterBytes: 100 } })
    }
    await expect(entries(remote.list('broken'))).rejects.toMatchObject({ retry: 'later' })
    await expect(entries(remote.listAll?.('broken'))).rejects.toMatchObject({ retry: 'later' })
  })
})

describe('reading', () => {
  test('what a listing showed costs one request, and goes on when there is a newer revision', async () => {
    await put('read/file', 'the first')
    const [seen] = await entries(remote.list('read'))
    await put('read/file', 'the second, longer')
    account.emulator.counters.reset()
    if (seen?.kind !== 'file') throw new Error('no file was listed')
    expect(await text('read/file', { expect: seen })).toBe('the first')
    expect(requests()).toBe(1)
    expect(await text('read/file')).toBe('the second, longer')
    expect(await text('read/file', { revision: '1' })).toBe('the first')
    await expect(text('read/file', { revision: '9' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a revision that the service has dropped has changed', async () => {
    await put('dropped', 'revision 1')
    const seen = await file('dropped')
    for (let i = 2; i < 8; i++) await put('dropped', `revision ${i}`)
    await expect(text('dropped', { expect: seen })).rejects.toMatchObject({ code: 'changed' })
    await remote.remove('dropped')
    await expect(text('dropped')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('what was listed and is not to be had is an error of its own, which names it', async () => {
    const seen = await put('listed', 'there')
    const entry = await file('listed')
    account.emulator.faults.add({ operation: 'download', times: Infinity, action: { status: 404 } })
    await expect(text('listed', { expect: entry })).rejects.toMatchObject({ code: 'gone', details: { path: 'listed' } })
    account.emulator.faults.clear()
    await account.remote({ hardDelete: true }).remove('listed')
    for (const known of [entry, seen]) {
      await expect(text('listed', { expect: known })).rejects.toMatchObject({ code: 'gone' })
    }
    const { md5: _, ...hashes } = entry.hashes
    const unhashed = text('listed', { expect: { ...entry, hashes } })
    await expect(unhashed).rejects.toMatchObject({ code: 'gone', message: expect.stringContaining('MD5') })
  })

  test('a read that goes on where it broke off is held against the MD5 as a whole', async () => {
    await put('twice', 'x'.repeat(1000))
    await using reader = await remote.open('twice')
    account.emulator.faults.add({ operation: 'download', action: { corrupt: 'response-body', atByte: 10 } })
    const start: Uint8Array[] = []
    for await (const chunk of reader.stream({ offset: 0, length: 400 })) start.push(chunk)
    await expect(collect(reader.stream({ offset: 400 }))).rejects.toMatchObject({ code: 'corrupt' })
    await collect(reader.stream({ offset: 0, length: 400 }))
    await collect(reader.stream({ offset: 400 }))
  })

  test('bytes that are not those of the file are noticed', async () => {
    await put('flipped', 'right')
    account.emulator.faults.add({ operation: 'download', action: { corrupt: 'response-body' } })
    await expect(text('flipped')).rejects.toMatchObject({ code: 'corrupt', retry: 'later' })
  })

  test('an answer that breaks off is an error to be repeated', async () => {
    await put('cut', 'x'.repeat(100_000))
    account.emulator.faults.add({ operation: 'download', action: { reset: 'response-body', afterBytes: 5000 } })
    await expect(text('cut')).rejects.toMatchObject({ code: 'network', retry: 'later' })
  })
})

describe('changes', () => {
  test('remove moves to the trash, and removes for good where that is asked for', async () => {
    await put('removed', 'x')
    await remote.remove('removed')
    await expect(remote.remove('removed')).rejects.toMatchObject({ code: 'not-found' })
    account.emulator.counters.reset()
    await put('removed', 'x')
    await account.remote({ hardDelete: true }).remove('removed')
    expect(requests('rm')).toBe(1)
    expect(requests('dl')).toBe(0)
  })

  test('remove leaves alone what has other content than was seen, and nothing else', async () => {
    const seen = await put('seen', 'x')
    await put('seen', 'newer')
    await expect(remote.remove('seen', { expect: seen })).rejects.toMatchObject({ code: 'changed' })
    expect(await text('seen')).toBe('newer')
    await remote.setTimes?.(await file('seen'), { modified: timeFrom(1_500_000_000_000) })
    await remote.remove('seen', { expect: await file('seen') })
    expect(await remote.stat('seen')).toBeUndefined()
  })

  test('a remove or purge whose answer is lost is done', async () => {
    for (const hardDelete of [false, true]) {
      const other = account.remote({ hardDelete })
      await put('lost/file', 'x')
      const operations = hardDelete ? ['rm', 'rmDir'] : ['dl', 'dlDir']
      for (const operation of operations) account.emulator.faults.add({ operation, action: { effectThenReset: true } })
      await other.remove('lost/file')
      await other.purge?.('lost')
      expect(await remote.stat('lost')).toBeUndefined()
      account.emulator.faults.clear()
    }
  })

  test('rmdir counts only what is live; the root stays', async () => {
    await put('once/full', 'x')
    await remote.remove('once/full')
    await remote.rmdir('once')
    expect(await remote.stat('once')).toBeUndefined()
    await expect(remote.purge?.('')).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('setTimes brings back nothing that was replaced or deleted', async () => {
    const entry = await put('timed', 'old')
    await put('timed', 'new')
    await expect(remote.setTimes?.(entry, { modified: second })).rejects.toMatchObject({ code: 'changed' })
    expect(await text('timed')).toBe('new')
    const now = await file('timed')
    await remote.setTimes?.(now, { modified: 5n * second })
    expect(await remote.stat('timed')).toMatchObject({ modified: 5n * second, created: now.created })
    expect(now.hashes.md5).toBe(createHash('md5').update('new').digest('hex'))
    const dir = { kind: 'dir', path: 'long' } as const
    await expect(remote.setTimes?.(dir, { modified: second })).rejects.toMatchObject({ code: 'unsupported' })
  })
})
