import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import type { Remote } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { parseRfc3339, second } from '../../core/time.ts'

const mebibyte = 1024 * 1024
const modified = parseRfc3339('2020-07-01T14:00:00.987654321+02:00') ?? 0n
let account: EmulatedJottacloud
let remote: Remote

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  account.emulator.counters.reset()
  remote = account.remote()
})
afterEach(async () => {
  account.emulator.faults.clear()
  await remote.close?.()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

async function contentOf(path: string): Promise<Buffer> {
  await using reader = await remote.open(path)
  return Buffer.from(await collect(reader.stream()))
}

function requests(operation: string): number {
  return account.emulator.counters.of(operation).requests
}

/** Content that nobody has sent before, noting the offsets that it is read from. */
function fresh(size: number): Source & { readonly bytes: Buffer; readonly offsets: number[] } {
  const bytes = randomBytes(size)
  const offsets: number[] = []
  const source = sourceFromBytes(bytes, { modified })
  return {
    ...source,
    bytes,
    offsets,
    known: { md5: createHash('md5').update(bytes).digest('hex').toUpperCase() },
    stream(range = {}, options) {
      offsets.push(range.offset ?? 0)
      return source.stream(range, options)
    },
  }
}

describe('a write', () => {
  test('costs two requests, makes the parents and tells what is there now', async () => {
    const source = fresh(10)
    const entry = await remote.write('new/in/file.txt', source)
    expect(account.emulator.counters.of().requests).toBe(2)
    expect(entry).toEqual({
      kind: 'file',
      path: 'new/in/file.txt',
      size: 10,
      modified: parseRfc3339('2020-07-01T12:00:00Z'),
      created: parseRfc3339('2020-07-01T12:00:00Z'),
      hashes: { md5: createHash('md5').update(source.bytes).digest('hex') },
    })
    expect(await remote.stat('new/in/file.txt')).toMatchObject(entry)
  })

  test('keeps a creation time of its own', async () => {
    await remote.write('created', fresh(1), { created: modified - 5n * second })
    expect(await remote.stat('created')).toMatchObject({ created: parseRfc3339('2020-07-01T11:59:55Z') })
  })

  test('sends nothing where the service knows the content', async () => {
    const source = fresh(3 * mebibyte)
    await remote.write('first', source)
    const positions: number[] = []
    await remote.write('second', source, { onProgress: (position) => positions.push(position) })
    expect(source.offsets).toEqual([0])
    expect(requests('upload')).toBe(1)
    expect(positions).toEqual([3 * mebibyte])
    expect((await contentOf('second')).equals(source.bytes)).toBe(true)
  })

  test('goes on where a broken one ended, when it is called again', async () => {
    const source = fresh(4 * mebibyte)
    const resuming = account.remote({ uploadResumeLimit: 1000 })
    account.emulator.faults.add({ operation: 'upload', action: { reset: 'request-body', afterBytes: 1.5 * mebibyte } })
    await expect(resuming.write('resumed', source)).rejects.toMatchObject({ code: 'network', retry: 'later' })
    expect(await remote.stat('resumed')).toBeUndefined()
    const positions: number[] = []
    await resuming.write('resumed', source, { onProgress: (position) => positions.push(position) })
    expect(source.offsets[1]).toBeGreaterThan(0)
    expect(positions[0]).toBe(source.offsets[1])
    expect(positions.at(-1)).toBe(4 * mebibyte)
    expect((await contentOf('resumed')).equals(source.bytes)).toBe(true)
  })

  test('that broke off begins anew up to the resume limit', async () => {
    const source = fresh(4 * mebibyte)
    account.emulator.faults.add({ operation: 'upload', action: { reset: 'request-body', afterBytes: 1.5 * mebibyte } })
    await expect(remote.write('small', source)).rejects.toMatchObject({ code: 'network', retry: 'later' })
    await remote.write('small', source)
    expect(source.offsets).toEqual([0, 0])
    expect((await contentOf('small')).equals(source.bytes)).toBe(true)
  })

  test('whose answer is lost is found done', async () => {
    const source = fresh(1000)
    account.emulator.faults.add({ operation: 'upload', action: { effectThenReset: true } })
    await expect(remote.write('lost', source)).rejects.toMatchObject({ retry: 'later', effect: 'unknown' })
    await remote.write('lost', source)
    expect(source.offsets).toEqual([0])
    expect((await contentOf('lost')).equals(source.bytes)).toBe(true)
  })

  test('ends where the service says that bytes are missing, and keeps none', async () => {
    const source = fresh(1000)
    account.emulator.faults.add({ operation: 'upload', times: 2, action: { status: 420 } })
    await expect(remote.write('partial', source)).rejects.toMatchObject({ code: 'network', retry: 'later' })
    expect(requests('upload')).toBe(1)
  })

  test('is refused where the answer names another MD5', async () => {
    account.emulator.faults.add({ operation: 'upload', action: { wrongMd5: true } })
    await expect(remote.write('wrong', fresh(10))).rejects.toMatchObject({
      code: 'corrupt',
      retry: 'later',
      message: expect.stringMatching(/MD5/),
    })
  })

  test('of content that is not what its MD5 says is refused, and can be repeated', async () => {
    const source = fresh(100)
    const wrong = { ...source, ...sourceFromBytes(randomBytes(100)), known: source.known }
    await expect(remote.write('bad', wrong)).rejects.toMatchObject({ code: 'corrupt', retry: 'later' })
    expect(await remote.stat('bad')).toBeUndefined()
    await remote.write('bad', source)
    expect((await contentOf('bad')).equals(source.bytes)).toBe(true)
  })

  test('an overloaded service ends in an error that may be repeated', async () => {
    account.emulator.faults.add({ operation: 'upload', action: { status: 503, retryAfter: 1 } })
    await expect(remote.write('busy', fresh(10))).rejects.toMatchObject({
      code: 'unavailable',
      retry: 'later',
      details: { retryAfter: 1000 },
    })
  })

  test('an answer that makes no sense is an error', async () => {
    for (const body of [
      '',
      '[]',
      '{"state":"COMPLETED","bytes":9}',
      '{"state":"NEW"}',
      '{"state":"INCOMPLETE","upload_url":"http://example.com/"}',
    ]) {
      account.emulator.faults.add({ operation: 'allocate', action: { status: 200, body } })
      await expect(remote.write('nonsense', fresh(10))).rejects.toMatchObject({ code: 'protocol' })
      account.emulator.faults.clear()
    }
  })
})

describe('a source without MD5', () => {
  let tempDir: string
  beforeEach(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'fjord-spool-'))
  })
  afterEach(async () => {
    await rm(tempDir, { recursive: true })
  })

  test('is kept in memory or in a file, and nothing is left', async () => {
    for (const [limit, size] of [
      [mebibyte, 3000],
      [1000, 3 * mebibyte + 1],
      [1000, 1001],
      [0, 0],
    ] as const) {
      const spooling = account.remote({ md5MemoryLimit: limit, env: { tempDir } })
      const bytes = randomBytes(size)
      for (const known of [size, undefined]) {
        const entry = await spooling.write('spooled', unhashed(bytes, known))
        expect(entry.size).toBe(size)
        expect((await contentOf('spooled')).equals(bytes)).toBe(true)
      }
    }
    expect(await readdir(tempDir)).toEqual([])
  })

  test('that is longer or shorter than it said is refused', async () => {
    for (const size of [9, 11]) {
      const write = remote.write('other length', unhashed(randomBytes(10), size))
      await expect(write).rejects.toMatchObject({ code: 'changed' })
    }
    expect(requests('allocate')).toBe(0)
  })

  test('is kept in memory up to and including the limit, with a limit that is off never', async () => {
    const missing = { tempDir: join(tempDir, 'missing') }
    const within = account.remote({ md5MemoryLimit: 1000, env: missing })
    for (const size of [0, 999, 1000]) {
      for (const known of [size, undefined]) {
        expect(await within.write('within', unhashed(randomBytes(size), known))).toMatchObject({ size })
      }
    }
    for (const known of [1001, undefined]) {
      await expect(within.write('beyond', unhashed(randomBytes(1001), known))).rejects.toMatchObject({ code: 'io' })
    }
    const off = account.remote({ md5MemoryLimit: -1, env: missing })
    await expect(off.write('one byte', unhashed(randomBytes(1), 1))).rejects.toMatchObject({ code: 'io' })
  })

  test('that cannot be kept is refused', async () => {
    const options = { md5MemoryLimit: 10, env: { tempDir: join(tempDir, 'missing') } }
    for (const size of [100, undefined]) {
      const write = account.remote(options).write('x', unhashed(randomBytes(100), size))
      await expect(write).rejects.toMatchObject({
        code: 'io',
        details: { hint: expect.stringContaining('--temp-dir') },
      })
    }
  })

  test('that is greater than the disk is refused before it is read', async () => {
    const endless = unhashed(randomBytes(10), 2 ** 52)
    const write = account.remote({ env: { tempDir } }).write('x', endless)
    await expect(write).rejects.toMatchObject({ code: 'disk-full' })
  })
})

function unhashed(bytes: Uint8Array, size: number | undefined): Source {
  return { ...sourceFromBytes(bytes, { modified }), size, hash: () => Promise.resolve(undefined) }
}
