import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { all, plant, recordRun, treeOf, without } from '../../test/support/recorded-run.ts'
import type { Effect } from '../core/errors.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { collect } from '../core/stream.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { withRetry } from './retry.ts'

function broken(effect: Effect = 'none', retryAfter?: number): StorageError {
  return new StorageError('network', 'connection reset', { retry: 'later', effect, details: { retryAfter } })
}

interface Tried {
  readonly inner: Remote
  readonly remote: Remote
  readonly waits: number[]
  readonly calls: () => number
}

/** A remote whose member `name` fails `times` times: before it acts, or after ('unknown'). */
function failing(name: keyof Remote, times: number, effect: Effect = 'none', attempts = 10): Tried {
  const inner = createMemoryRemote()
  const waits: number[] = []
  let calls = 0
  const member: unknown = Reflect.get(inner, name)
  const fail = async (...args: unknown[]): Promise<unknown> => {
    const fails = ++calls <= times
    if (fails && effect === 'none') throw broken(effect)
    const result: unknown = typeof member === 'function' ? await Reflect.apply(member, inner, args) : undefined
    if (fails) throw broken(effect)
    return result
  }
  const remote = withRetry(
    { ...inner, [name]: fail },
    {
      log: recordRun().ctx.log,
      attempts,
      sleep: (ms) => {
        waits.push(ms)
        return Promise.resolve()
      },
    },
  )
  return { inner, remote, waits, calls: () => calls }
}

describe('repeating an operation', () => {
  test('waits 10 ms and then twice as long each time', async () => {
    const { remote, waits } = failing('stat', 9)
    expect(await remote.stat('nothing')).toBeUndefined()
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2000])
  })

  test('waits as long as the server asks', async () => {
    const waits: number[] = []
    let first = true
    const inner = createMemoryRemote()
    const stat: Remote['stat'] = async (path) => {
      if (!first) return await inner.stat(path)
      first = false
      throw broken('none', 5000)
    }
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms)
      return Promise.resolve()
    }
    await withRetry({ ...inner, stat }, { log: recordRun().ctx.log, attempts: 3, sleep }).stat('x')
    expect(waits).toEqual([5000])
  })

  test('gives up after the last attempt and says so in the error', async () => {
    const { remote, calls } = failing('stat', 99, 'none', 4)
    await expect(remote.stat('x')).rejects.toMatchObject({ code: 'network', retry: 'given-up' })
    expect(calls()).toBe(4)
  })

  test('does not repeat what cannot succeed, nor what somebody has given up', async () => {
    for (const retry of ['no', 'given-up'] as const) {
      let calls = 0
      const error = new StorageError('network', 'no', { retry })
      const inner: Remote = {
        ...createMemoryRemote(),
        stat: () => {
          calls++
          return Promise.reject(error)
        },
      }
      await expect(withRetry(inner, { log: recordRun().ctx.log, attempts: 5 }).stat('x')).rejects.toBe(error)
      expect(calls).toBe(1)
    }
  })

  test('an abort ends the waiting with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('interrupted')
    const inner: Remote = {
      ...createMemoryRemote(),
      stat: () => {
        controller.abort(reason)
        return Promise.reject(broken())
      },
    }
    const remote = withRetry(inner, { log: recordRun().ctx.log, attempts: 5 })
    await expect(remote.stat('x', { signal: controller.signal })).rejects.toBe(reason)
  })

  test('claims no capability that the remote inside lacks', () => {
    const inner: Remote = without(createMemoryRemote(), 'copy', 'purge')
    const remote = withRetry(inner, { log: recordRun().ctx.log, attempts: 5 })
    expect(Object.keys(remote)).not.toContain('copy')
    expect(Object.keys(remote)).not.toContain('purge')
    expect(Object.keys(remote)).toContain('move')
  })
})

async function setUp(name: keyof Remote): Promise<Tried> {
  const tried = failing(name, 1, 'unknown')
  await plant(tried.inner, { 'dir/a': 'content', 'empty/': '' })
  return tried
}

describe('looking before repeating', () => {
  test('a move that succeeded unseen is a success', async () => {
    const { remote, inner, calls } = await setUp('move')
    expect(await remote.move?.('dir/a', 'b')).toMatchObject({ path: 'b', size: 7 })
    expect(calls()).toBe(1)
    expect(await treeOf(inner)).toEqual({ 'dir/': '', 'empty/': '', b: 'content' })
  })

  test('a move that did nothing is made again', async () => {
    const inner = createMemoryRemote()
    await plant(inner, { a: 'content', b: 'old' })
    let calls = 0
    const move: Remote['move'] = async (from, to) => {
      if (++calls === 1) throw broken('unknown')
      return (await inner.move?.(from, to)) ?? expect.fail('memory moves')
    }
    const remote = withRetry(
      { ...inner, move },
      { log: recordRun().ctx.log, attempts: 5, sleep: () => Promise.resolve() },
    )
    await remote.move?.('a', 'b')
    expect(await treeOf(inner)).toEqual({ b: 'content' })
    expect(calls).toBe(2)
  })

  test('what stands under the new name but was never there under the old one is no success', async () => {
    const inner = createMemoryRemote()
    await plant(inner, { a: 'content', b: 'other, longer' })
    let calls = 0
    const move: Remote['move'] = async () => {
      calls++
      if (calls === 2) await inner.remove('a')
      throw broken('unknown')
    }
    const remote = withRetry(
      { ...inner, move },
      { log: recordRun().ctx.log, attempts: 4, sleep: () => Promise.resolve() },
    )
    await expect(remote.move?.('a', 'b')).rejects.toMatchObject({ code: 'network', retry: 'given-up' })
  })

  test.each([
    ['remove', async (remote: Remote) => await remote.remove('dir/a')],
    ['rmdir', async (remote: Remote) => await remote.rmdir('empty')],
    ['purge', async (remote: Remote) => await remote.purge?.('dir')],
    ['mkdir', async (remote: Remote) => await remote.mkdir('made')],
    ['moveDir', async (remote: Remote) => await remote.moveDir?.('dir', 'moved')],
  ] as const)('%s that succeeded unseen is a success', async (name, act) => {
    const { remote } = await setUp(name)
    await act(remote)
  })

  test('a removal of what was never there stays an error', async () => {
    const { remote } = failing('remove', 1)
    await expect(remote.remove('nothing')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** A remote whose streams break after `bytes` bytes each. */
function breaking(inner: Remote, bytes: number): { remote: Remote; ranges: unknown[] } {
  const ranges: unknown[] = []
  const open: Remote['open'] = async (path, o) => {
    const reader = await inner.open(path, o)
    return {
      ...reader,
      async *stream(range) {
        ranges.push(range)
        let left = bytes
        for await (const chunk of reader.stream(range)) {
          yield chunk.subarray(0, left)
          left -= chunk.length
          if (left <= 0) throw broken()
        }
      },
    }
  }
  const o = { log: recordRun().ctx.log, attempts: 2, sleep: () => Promise.resolve() }
  return { remote: withRetry({ ...inner, open }, o), ranges }
}

describe('reading, writing and listing', () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251))

  test('a read goes on at the byte it reached, as often as it makes way', async () => {
    const inner = createMemoryRemote()
    await inner.write('f', sourceFromBytes(content))
    const { remote, ranges } = breaking(inner, 70_000)
    await using reader = await remote.open('f')
    expect(Buffer.from(await collect(reader.stream({ offset: 100 }))).equals(content.subarray(100))).toBe(true)
    expect(ranges).toEqual([{ offset: 100 }, { offset: 70_100 }, { offset: 140_100 }])
  })

  test('a part of a file is not read beyond its end', async () => {
    const inner = createMemoryRemote()
    await inner.write('f', sourceFromBytes(content))
    const { remote, ranges } = breaking(inner, 70_000)
    await using reader = await remote.open('f')
    const part = await collect(reader.stream({ offset: 100, length: 100_000 }))
    expect(Buffer.from(part).equals(content.subarray(100, 100_100))).toBe(true)
    expect(ranges).toEqual([
      { offset: 100, length: 100_000 },
      { offset: 70_100, length: 30_000 },
    ])
  })

  test('a write asks its source again', async () => {
    const { remote, inner } = failing('write', 3)
    await remote.write('f', sourceFromBytes(Buffer.from('text')))
    expect(await treeOf(inner)).toEqual({ f: 'text' })
  })

  test('a listing starts over before its first page and fails after it', async () => {
    const inner = createMemoryRemote({ pageSize: 1 })
    await plant(inner, { a: '1', b: '2' })
    const listing = (failAt: number): Remote => {
      let calls = 0
      const list: Remote['list'] = async function* (dir, o) {
        const fails = ++calls === 1
        if (fails && failAt === 0) throw broken()
        let pages = 0
        for await (const page of inner.list(dir, o)) {
          yield page
          if (fails && ++pages === failAt) throw broken()
        }
      }
      const o = { log: recordRun().ctx.log, attempts: 3, sleep: () => Promise.resolve() }
      return withRetry({ ...inner, list }, o)
    }
    expect((await all(listing(0).list(''))).flat().map(({ path }) => path)).toEqual(['a', 'b'])
    await expect(all(listing(1).list(''))).rejects.toMatchObject({ code: 'network' })
  })
})

test('bytes that turn out wrong after they were handed out end the stream: they cannot be taken back', async () => {
  const inner = createMemoryRemote()
  await inner.write('f', sourceFromBytes(Buffer.from('content')))
  const open: Remote['open'] = async (path, o) => {
    const reader = await inner.open(path, o)
    return {
      ...reader,
      async *stream(range) {
        yield* reader.stream(range)
        throw new StorageError('corrupt', 'another hash', { retry: 'later' })
      },
    }
  }
  const remote = withRetry(
    { ...inner, open },
    { log: recordRun().ctx.log, attempts: 5, sleep: () => Promise.resolve() },
  )
  await using reader = await remote.open('f')
  await expect(collect(reader.stream())).rejects.toMatchObject({ code: 'corrupt', retry: 'later' })
})
