import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { all, plant, treeOf } from '../../test/support/recorded-run.ts'
import type { LogRecord } from '../core/context.ts'
import { silent } from '../core/context.ts'
import type { Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { sourceOf } from '../core/source-of.ts'
import { collect } from '../core/stream.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { conformance } from '../testing/index.ts'
import { withLayers } from './index.ts'
import { withLimit } from './limit.ts'
import { withLog } from './log.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('all layers', () => {
  conformance({ describe, test }, async () => {
    const log = { log: () => undefined, enabled: () => true }
    const remote = withLayers(createMemoryRemote(), { log, attempts: 3, limit: 2 })
    await remote.mkdir('trial')
    return { remote, root: 'trial', dispose: () => Promise.resolve() }
  })

  test('do what the remote inside does', async () => {
    const inner = createMemoryRemote()
    const log = { log: () => undefined, enabled: () => true }
    const remote = withLayers(inner, { log, attempts: 3, limit: 2 })
    await plant(remote, { 'a/b': 'text', 'a/c/': '' })
    expect(await treeOf(remote)).toEqual({ 'a/': '', 'a/b': 'text', 'a/c/': '' })
    expect(await treeOf(remote)).toEqual(await treeOf(inner))
    expect(remote.facts('')).toEqual(inner.facts(''))
    expect(remote.identity('a')).toEqual(inner.identity('a'))
    expect(Object.keys(remote).toSorted()).toEqual(Object.keys(inner).toSorted())
  })

  test('cost nothing where they have nothing to do', () => {
    const inner = createMemoryRemote()
    expect(withLayers(inner, { log: silent, attempts: 1 })).toBe(inner)
  })
})

describe('read-only', () => {
  test('refuses changes and has no capability that makes them', async () => {
    const inner = createMemoryRemote()
    await plant(inner, { a: 'text' })
    const remote = withLayers(inner, { log: silent, attempts: 1, readOnly: true })
    const changes = [
      remote.write('b', sourceFromBytes(Buffer.from('x'))),
      remote.remove('a'),
      remote.mkdir('d'),
      remote.rmdir('d'),
    ]
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: 'read-only' })
    for (const name of ['copy', 'move', 'moveDir', 'purge', 'setTimes']) expect(Object.keys(remote)).not.toContain(name)
    expect(await treeOf(remote)).toEqual({ a: 'text' })
  })
})

describe('the limit', () => {
  test('lets no more operations run at once than it says', async () => {
    let running = 0
    let most = 0
    const stat: Remote['stat'] = async () => {
      most = Math.max(most, ++running)
      await tick()
      running--
      return undefined
    }
    const remote = withLimit({ ...createMemoryRemote(), stat }, 3)
    await Promise.all(Array.from({ length: 20 }, (_, i) => remote.stat(`f${i}`)))
    expect(most).toBe(3)
  })

  test('counts a stream as long as it is open', async () => {
    const remote = withLimit(createMemoryRemote(), 1)
    await plant(remote, { a: 'first', b: 'second' })
    await using a = await remote.open('a')
    await using b = await remote.open('b')
    const first = a.stream()[Symbol.asyncIterator]()
    await first.next()
    let done = false
    const reading = (async () => {
      const bytes = await collect(b.stream())
      done = true
      return Buffer.from(bytes).toString()
    })()
    await tick()
    expect(done).toBe(false)
    await first.return?.()
    expect(await reading).toBe('second')
  })

  test('a write that reads from the same remote does not wait for itself', async () => {
    const inner = createMemoryRemote({ hashes: ['sha1'] })
    const write: Remote['write'] = async (path, source, o) => {
      await source.hash('sha256')
      return await inner.write(path, source, o)
    }
    const remote = withLimit({ ...inner, write }, 1)
    await plant(remote, { a: 'text' })
    const entry = await remote.stat('a')
    if (entry?.kind !== 'file') throw new Error('no file')
    await remote.write('b', sourceOf(remote, entry))
    expect(await treeOf(remote)).toEqual({ a: 'text', b: 'text' })
  })
})

describe('the log', () => {
  test('has a DEBUG line for every operation, with its outcome', async () => {
    const records: LogRecord[] = []
    const remote = withLog(createMemoryRemote(), { log: (record) => records.push(record), enabled: () => true })
    await plant(remote, { 'd/a': 'text' })
    await all(remote.list('d'))
    await expect(remote.remove('nothing')).rejects.toMatchObject({ code: 'not-found' })
    const lines = records.map(({ level, object, text }) => `${level} ${object}: ${text}`)
    expect(lines).toEqual([
      expect.stringMatching(/^DEBUG d\/a: write: done in \d+ ms$/),
      expect.stringMatching(/^DEBUG d: list: 1 entries in \d+ ms$/),
      expect.stringMatching(/^DEBUG nothing: remove: failed after \d+ ms: .*not found$/),
    ])
  })
})
