import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { openState } from '../state/open.ts'
import { copyDir } from './copy.ts'
import { gaps } from './fetch-parts.ts'
import type { CopyOptions } from './options.ts'

const mebi = 1024 * 1024
const content = randomBytes(20 * mebi)
const o: CopyOptions = { multiThread: { cutoff: mebi, streams: 4, chunkSize: 64 * mebi } }

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-parts-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const dest = () => ({ path: join(dir, 'out').slice(1) })
const partials = () => readdirSync(join(dir, 'out')).filter((name) => name.endsWith('.partial'))

/** A disk that remembers, as after a new start of the program. */
function disk(): Remote {
  const { unfinished } = openState(join(dir, 'state'), Date.now)
  return createLocalRemote({ remembered: { unfinished } })
}

interface Served {
  readonly remote: Remote
  readonly bytes: () => number
  readonly ranges: { readonly offset: number; readonly length: number | undefined }[]
}

/** A remote with the file, which counts what it serves and breaks off after so many bytes. */
async function serving(options: { readonly breakAfter?: number; readonly bytes?: Buffer } = {}): Promise<Served> {
  const memory = createMemoryRemote()
  await memory.write('src/big', sourceFromBytes(content, { modified: 5_000_000_000n }))
  const ranges: { offset: number; length: number | undefined }[] = []
  let served = 0
  const open: Remote['open'] = async (path, how) => {
    const reader = await memory.open(path, how)
    return {
      ...reader,
      async *stream(range = {}, call) {
        ranges.push({ offset: range.offset ?? 0, length: range.length })
        const from = range.offset ?? 0
        const to = range.length === undefined ? content.length : from + range.length
        for (let at = from; at < to; at += mebi / 4) {
          call?.signal?.throwIfAborted()
          const chunk = (options.bytes ?? content).subarray(at, Math.min(to, at + mebi / 4))
          served += chunk.length
          if (options.breakAfter !== undefined && served > options.breakAfter)
            throw new StorageError('network', 'cut off', { retry: 'given-up' })
          yield chunk
          await new Promise((resolve) => setImmediate(resolve))
        }
      },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    }
  }
  return { remote: { ...memory, open }, bytes: () => served, ranges }
}

const copy = (from: Remote, to: Remote, run = recordRun()) =>
  copyDir(run.ctx, { remote: from, path: 'src' }, { remote: to, ...dest() }, o)

describe('a big file from afar', () => {
  test('comes in several streams, whole, and is called so', async () => {
    const { remote, ranges, bytes } = await serving()
    const run = recordRun()
    await copy(remote, disk(), run)
    expect(
      createHash('md5')
        .update(readFileSync(join(dir, 'out/big')))
        .digest(),
    ).toEqual(createHash('md5').update(content).digest())
    expect(ranges.map(({ offset }) => offset).toSorted((a, b) => a - b)).toEqual([0, 5, 10, 15].map((n) => n * mebi))
    expect(bytes()).toBe(content.length)
    expect(run.lines()).toContain('INFO big: Multi-thread Copied (new)')
    const positions = run.of('transfer-progress').map(({ position }) => position)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions.at(-1)).toBe(content.length)
    expect(readdirSync(join(dir, 'out'))).toEqual(['big'])
    expect(openState(join(dir, 'state'), Date.now).info().unfinished).toBe(0)
  })

  test('goes on in a later run where an earlier one was cut off', async () => {
    const first = await serving({ breakAfter: 17 * mebi })
    await expect(copy(first.remote, disk())).rejects.toThrow('cut off')
    expect(partials()).toHaveLength(1)
    const second = await serving()
    await copy(second.remote, disk())
    expect(second.bytes()).toBeLessThan(content.length)
    expect(readFileSync(join(dir, 'out/big')).equals(content)).toBe(true)
    expect(partials()).toEqual([])
  })

  test.each([
    ['altered', (path: string) => writeFileSync(path, Buffer.alloc(5 * mebi, 1), { flag: 'r+' })],
    ['cut short', (path: string) => truncateSync(path, 100)],
  ])('is not shown when the partial file was %s meanwhile; the run after that gets it', async (_, damage) => {
    const first = await serving({ breakAfter: 19 * mebi })
    await expect(copy(first.remote, disk())).rejects.toThrow('cut off')
    damage(join(dir, 'out', partials()[0] ?? ''))
    await copy((await serving()).remote, disk()).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'corrupt' })
    })
    await copy((await serving()).remote, disk())
    expect(readFileSync(join(dir, 'out/big')).equals(content)).toBe(true)
  })

  test('starts over when the partial file is another one', async () => {
    const first = await serving({ breakAfter: 17 * mebi })
    await expect(copy(first.remote, disk())).rejects.toThrow('cut off')
    const path = join(dir, 'out', partials()[0] ?? '')
    rmSync(path)
    writeFileSync(join(dir, 'out/in-between'), 'takes the inode')
    writeFileSync(path, 'somebody else')
    const second = await serving()
    await copy(second.remote, disk())
    expect(second.bytes()).toBe(content.length)
    expect(readFileSync(join(dir, 'out/big')).equals(content)).toBe(true)
    // Somebody may be at work on it
    expect(readFileSync(path, 'utf8')).toBe('somebody else')
    vi.setSystemTime(Date.now() + 3_700_000)
    rmSync(join(dir, 'out/big'))
    await copy((await serving()).remote, disk())
    vi.useRealTimers()
    expect(readdirSync(join(dir, 'out')).toSorted()).toEqual(['big', 'in-between'])
  })

  test('that was killed at once is begun again in the same partial file', async () => {
    const { unfinished } = openState(join(dir, 'state'), Date.now)
    const killed = { ...unfinished, release: () => undefined, forget: () => undefined }
    const path = join(dir, 'big').slice(1)
    const known = { md5: createHash('md5').update(content).digest('hex') }
    const source = { ...sourceFromBytes(content, { modified: 5_000_000_000n }), known }
    await createLocalRemote({ remembered: { unfinished: killed } }).openParts?.(path, source)
    const left = readdirSync(join(dir, 'state'), { recursive: true, encoding: 'utf8' })
    for (const name of left) if (name.endsWith('.claim')) rmSync(join(dir, 'state', name))
    await using again = await disk().openParts?.(path, source)
    expect(again?.have).toEqual([])
  })

  test('does not take another file for its own that has got the name of its partial file', async () => {
    const { remote } = await serving()
    let name = ''
    const open: Remote['open'] = async (path, how) => {
      const reader = await remote.open(path, how)
      return {
        ...reader,
        async *stream(range, call) {
          yield* reader.stream(range, call)
          name = name || (partials()[0] ?? '')
          rmSync(join(dir, 'out', name), { force: true })
          writeFileSync(join(dir, 'out', name), 'another')
        },
        [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
      }
    }
    await expect(copy({ ...remote, open }, disk())).rejects.toMatchObject({ code: 'changed' })
    expect(readdirSync(join(dir, 'out'))).toEqual([name])
    expect(readFileSync(join(dir, 'out', name), 'utf8')).toBe('another')
  })

  test('leaves no full disk behind', async () => {
    const full = disk()
    const openParts: Remote['openParts'] = async (...args) => {
      const writer = await full.openParts?.(...args)
      if (!writer) return undefined
      const write = (at: number, chunks: readonly Uint8Array[]): Promise<void> =>
        at < 10 * mebi ? writer.write(at, chunks) : Promise.reject(new StorageError('disk-full', 'no space left'))
      return { ...writer, write, [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose]() }
    }
    await expect(copy((await serving()).remote, { ...full, openParts })).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(join(dir, 'out'))).toEqual([])
  })

  test('leaves nothing where the bytes are not what the listing promised', async () => {
    const { remote } = await serving({ bytes: Buffer.alloc(content.length) })
    await expect(copy(remote, disk())).rejects.toMatchObject({ code: 'corrupt' })
    expect(readdirSync(join(dir, 'out'))).toEqual([])
  })

  test('stays where its metadata cannot be had, and is not fetched again', async () => {
    const first = await serving()
    const failing = { ...first.remote, metadata: () => Promise.reject(new Error('broken')) }
    const metadata = (from: Remote): Promise<void> =>
      copyDir(recordRun().ctx, { remote: from, path: 'src' }, { remote: disk(), ...dest() }, { ...o, metadata: true })
    await expect(metadata(failing)).rejects.toThrow('failed to read metadata from source object: broken')
    expect(partials()).toHaveLength(1)
    const second = await serving()
    await metadata(second.remote)
    expect(second.bytes()).toBe(0)
    expect(readFileSync(join(dir, 'out/big')).equals(content)).toBe(true)
    expect(partials()).toEqual([])
  })

  test('is left to the process that is at work on it, and still arrives', async () => {
    const first = await serving({ breakAfter: 17 * mebi })
    await expect(copy(first.remote, disk())).rejects.toThrow('cut off')
    const other = openState(join(dir, 'state'), Date.now).unfinished
    expect(other.claim(join(dir, 'out', partials()[0] ?? '').slice(1))).not.toBe('taken')
    const { unfinished } = openState(join(dir, 'state'), Date.now)
    const busy = createLocalRemote({ remembered: { unfinished: { ...unfinished, claim: () => 'taken' } } })
    await copy((await serving()).remote, busy)
    expect(readFileSync(join(dir, 'out/big')).equals(content)).toBe(true)
    expect(partials()).toHaveLength(1)
  })
})

test('gaps are what lies between the parts', () => {
  expect(gaps([], 10)).toEqual([{ from: 0, to: 10 }])
  expect(gaps([{ from: 0, to: 10 }], 10)).toEqual([])
  expect(
    gaps(
      [
        { from: 2, to: 4 },
        { from: 6, to: 7 },
      ],
      10,
    ),
  ).toEqual([
    { from: 0, to: 2 },
    { from: 4, to: 6 },
    { from: 7, to: 10 },
  ])
  expect(gaps([], 0)).toEqual([])
})
