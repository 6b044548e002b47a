import { Buffer } from 'node:buffer'
import { getEventListeners, once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { createFailures } from '../operations/failures.ts'
import { copyDir } from './copy.ts'
import { march } from './march.ts'

const fileAt = (path: Path): FileEntry => ({ kind: 'file', path, size: 3, modified: 5n, hashes: {} })

const open: Remote['open'] = (path) =>
  Promise.resolve({
    entry: fileAt(path),
    stream: () => sourceFromBytes(Buffer.from('abc')).stream(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })

/** A remote that makes its listings up: `dirs` directories with `files` files each, and counts what it has listed. */
function endless(dirs: number, files: number): { remote: Remote; listed: () => number } {
  let listed = 0
  const list: Remote['list'] = async function* (dir) {
    const inside: Entry[] =
      dir === ''
        ? Array.from({ length: dirs }, (_, i) => ({ kind: 'dir', path: `d${i}`, modified: 5n }))
        : Array.from({ length: files }, (_, i) => fileAt(`${dir}/f${i}`))
    listed += inside.length
    yield inside
  }
  return { remote: { ...createMemoryRemote(), list, open }, listed: () => listed }
}

describe('trees of 100,000 files', () => {
  test('are walked with no more in memory than the directories that are listed at once', async () => {
    const [source, dest] = [endless(100, 1000), endless(100, 1000)]
    const { ctx } = recordRun({ checkers: 4 })
    let read = 0
    let most = 0
    const pages = march(
      ctx,
      { remote: source.remote, path: '' },
      { remote: dest.remote, path: '' },
      { failures: createFailures(ctx) },
    )
    for await (const page of pages) {
      most = Math.max(most, source.listed() - read)
      read += page.length
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(read).toBe(100_100)
    expect(most).toBeLessThanOrEqual(6000)
  })

  test('are listed no further ahead of slow transfers than the backlog', async () => {
    const source = endless(100, 1000)
    const to = createMemoryRemote()
    const controller = new AbortController()
    const reason = new Error('seen enough')
    let writes = 0
    const released = new AbortController()
    const slow = once(released.signal, 'abort')
    const write: Remote['write'] = async (path, content, o) => {
      if (++writes > 200) await slow
      return await to.write(path, content, o)
    }
    const { ctx } = recordRun({ stop: controller.signal })
    const copying = copyDir(
      ctx,
      { remote: source.remote, path: '' },
      { remote: { ...to, write }, path: '' },
      { maxBacklog: 2000 },
    )
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(source.listed()).toBeGreaterThan(2000)
    expect(source.listed()).toBeLessThan(20_000)
    controller.abort(reason)
    released.abort()
    await expect(copying).rejects.toBe(reason)
    expect(writes).toBe(204)
  })
})

describe('the cost of the engine', () => {
  /** Copies 2,000 small files. @returns the milliseconds that it took, and the most listeners that there were */
  async function copied(): Promise<{ readonly took: number; readonly mostListeners: number }> {
    const source = endless(20, 100)
    const controller = new AbortController()
    const run = recordRun({ signal: controller.signal })
    const to = createMemoryRemote()
    let mostListeners = 0
    const write: Remote['write'] = (path) => {
      mostListeners = Math.max(mostListeners, getEventListeners(controller.signal, 'abort').length)
      return Promise.resolve({ kind: 'file', path, size: 3, modified: 5n, hashes: {} })
    }
    const start = performance.now()
    await copyDir(
      run.ctx,
      { remote: source.remote, path: '' },
      { remote: { ...to, write }, path: 'new' },
      { noUpdateDirModtime: true },
    )
    const took = performance.now() - start
    expect(run.of('transfer-done')).toHaveLength(2000)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    return { took, mostListeners }
  }

  test('2,000 small files leave no listener behind and take no time to speak of', async () => {
    const trials = [await copied()]
    // What else runs on the machine is no cost of the engine
    while (Math.min(...trials.map(({ took }) => took)) > 2000 && trials.length < 10) trials.push(await copied())
    expect(Math.min(...trials.map(({ took }) => took))).toBeLessThan(2000)
    expect(Math.max(...trials.map(({ mostListeners }) => mostListeners))).toBeLessThan(20)
  })
})
