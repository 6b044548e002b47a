import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Remote } from '../core/remote.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir, copyFile } from './copy.ts'
import { moveDir } from './move.ts'
import type { CopyOptions } from './options.ts'
import { syncDir } from './sync.ts'

const text = 'max transfer limit reached as set by --max-transfer'
const thousand = 'x'.repeat(1000)
const fiveFiles = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`src/${name}`, thousand]))

async function sides(content: Record<string, string> = fiveFiles, dest: Record<string, string> = {}) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, content)
  await plant(to, dest)
  return { from, to, source: { remote: from, path: 'src' }, dest: { remote: to, path: 'new' } }
}

const names = async (remote: Remote): Promise<string> =>
  Object.keys(await treeOf(remote, 'new'))
    .map((path) => path.replace('new/', ''))
    .join(' ')

describe('--max-transfer', () => {
  test.each([
    ['HARD', 2500, 'a b', [`ERROR Cancelling sync due to fatal error: ${text}`, `ERROR c: Failed to copy: ${text}`], 1],
    ['HARD', 2000, 'a b', [`ERROR Cancelling sync due to fatal error: ${text}`], 2],
    ['SOFT', 2500, 'a b c', [`NOTICE ${text} - stopping transfers`], 2],
    ['SOFT', 3000, 'a b c', [`NOTICE ${text} - stopping transfers`], 2],
    ['CAUTIOUS', 2500, 'a b', [`NOTICE ${text} - stopping transfers`], 2],
    ['CAUTIOUS', 3000, 'a b', [`NOTICE ${text} - stopping transfers`], 2],
  ] as const)('%s with %i bytes brings %s', async (cutoffMode, maxTransfer, brought, lines, errors) => {
    const { source, dest, to } = await sides()
    const run = recordRun({ transfers: 1 })
    const failed = await copyDir(run.ctx, source, dest, { maxTransfer, cutoffMode }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'transfer-limit', message: text })
    expect(await names(to)).toBe(brought)
    expect(run.lines().filter((line) => !line.startsWith('INFO'))).toEqual(lines)
    // The errors that rclone counts: those that were reported, and what is thrown where that is another
    const counted = new Set([...run.of('error').map(({ error }) => error), failed])
    expect(counted.size).toBe(errors)
  })

  test.each([
    ['HARD', 2500, 'a b'],
    ['SOFT', 2500, 'a b c'],
    ['CAUTIOUS', 3000, 'a b'],
  ] as const)('%s counts over all calls that share what they have used', async (cutoffMode, maxTransfer, brought) => {
    const { source, dest, to, from } = await sides({ 'src/a': thousand })
    const used = { bytes: 0, since: undefined }
    const o: CopyOptions = { maxTransfer, cutoffMode, used }
    await copyDir(recordRun().ctx, source, dest, o)
    await plant(from, fiveFiles)
    const { ctx } = recordRun({ transfers: 1 })
    await expect(copyDir(ctx, source, dest, { ...o, ignoreExisting: true })).rejects.toThrow(text)
    expect(await names(to)).toBe(brought)
  })

  test('CAUTIOUS thinks of what is under way, and not of what has failed', async () => {
    const { source, dest, to } = await sides()
    let writes = 0
    const failing: Remote = {
      ...to,
      async write(path, content, o) {
        if (++writes <= 2) throw new Error('no')
        return await to.write(path, content, o)
      },
    }
    const { ctx } = recordRun({ transfers: 1 })
    const options: CopyOptions = { maxTransfer: 3500, cutoffMode: 'CAUTIOUS' }
    await expect(copyDir(ctx, source, { ...dest, remote: failing }, options)).rejects.toThrow('no')
    expect(await names(to)).toBe('c d e')
    const together = await sides()
    await expect(copyDir(recordRun({ transfers: 5 }).ctx, together.source, together.dest, options)).rejects.toThrow(
      text,
    )
    expect(await names(together.to)).toBe('a b c')
  })

  test('what another attempt may mend is what the run ends with', async () => {
    const { source, dest } = await sides(fiveFiles, { 'new/a/x': 'x' })
    const { ctx } = recordRun({ transfers: 1 })
    await expect(copyDir(ctx, source, dest, { maxTransfer: 1500, cutoffMode: 'SOFT' })).rejects.toMatchObject({
      code: 'is-dir',
    })
  })

  test('a move on the server passes without counting, a copy counts', async () => {
    const remote = createMemoryRemote()
    await plant(remote, fiveFiles)
    const [source, dest] = [
      { remote, path: 'src' },
      { remote, path: 'new' },
    ]
    const o: CopyOptions = { maxTransfer: 2500, cutoffMode: 'SOFT', maxDepth: 1 }
    await expect(copyDir(recordRun({ transfers: 1 }).ctx, source, dest, o)).rejects.toThrow(text)
    expect(await names(remote)).toBe('a b c')
    await moveDir(recordRun({ transfers: 1 }).ctx, source, { remote, path: 'moved' }, o)
    expect(Object.keys(await treeOf(remote, 'moved'))).toHaveLength(5)
  })

  test('sync deletes nothing after it', async () => {
    const { source, dest, to } = await sides(fiveFiles, { 'new/extra': 'x', 'new/old/': '' })
    const run = recordRun({ transfers: 1 })
    await expect(syncDir(run.ctx, source, dest, { maxTransfer: 1500 })).rejects.toThrow(text)
    expect((await names(to)).split(' ').toSorted()).toEqual(['a', 'extra', 'old/'])
    const { description } = to.facts('new')
    expect(run.lines()).toContain(`ERROR ${description}: not deleting files as there were IO errors`)
    expect(run.lines()).toContain(`ERROR ${description}: not deleting directories as there were IO errors`)
  })

  describe('on a disk', () => {
    let dir = ''
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), 'fjord-limit-'))
    })
    afterEach(() => rmSync(dir, { recursive: true }))

    test('takes the part of a big file away that had been written, and says so', async () => {
      const { from } = await sides({ 'src/big': 'x'.repeat(2 * 1024 * 1024) })
      const run = recordRun()
      const remote = createLocalRemote({ log: run.ctx.log })
      const dest = { remote, path: `${dir.slice(1)}/new` }
      const source = { remote: from, path: 'src', file: 'big' }
      await expect(copyFile(run.ctx, source, dest, { maxTransfer: 1024 })).rejects.toThrow(text)
      expect(run.lines()).toEqual([
        `ERROR big: Failed to copy: ${text}`,
        expect.stringMatching(
          new RegExp(`^NOTICE .*/big\\.[0-9a-f]{8}\\.partial: Removing partially written file on error: ${text}$`),
        ),
      ])
      expect(readdirSync(`${dir}/new`)).toEqual([])
    })

    test('a limit that is the size of the file lets it through', async () => {
      const { from } = await sides({ 'src/big': 'x'.repeat(2 * 1024 * 1024) })
      const dest = { remote: createLocalRemote(), path: dir.slice(1) }
      const o = { maxTransfer: 2 * 1024 * 1024 }
      await copyFile(recordRun().ctx, { remote: from, path: 'src', file: 'big' }, dest, o)
      expect(existsSync(`${dir}/big`)).toBe(true)
    })
  })
})

describe('--max-duration', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const second = 1_000_000_000n

  /** A destination whose every write takes a second. */
  function slow(to: Remote): Remote {
    return {
      ...to,
      async write(path, content, o) {
        await new Promise((resolve, reject) => {
          setTimeout(resolve, 1000)
          o?.signal?.addEventListener('abort', () => reject(o.signal?.reason))
        })
        return await to.write(path, content, o)
      },
    }
  }

  test.each([
    ['HARD', 'a b'],
    ['SOFT', 'a b c'],
    ['CAUTIOUS', 'a b c'],
  ] as const)('%s after 2.5 seconds has brought %s', async (cutoffMode, brought) => {
    const { source, dest, to } = await sides()
    const run = recordRun({ transfers: 1 })
    const o: CopyOptions = { maxDuration: (5n * second) / 2n, cutoffMode }
    const ended = expect(copyDir(run.ctx, source, { ...dest, remote: slow(to) }, o)).rejects.toMatchObject({
      code: 'duration-limit',
    })
    await vi.advanceTimersByTimeAsync(20_000)
    await ended
    expect(await names(to)).toBe(brought)
    const { description } = to.facts('new')
    const over = 'max transfer duration reached as set by --max-duration'
    expect(run.lines().filter((line) => line.startsWith('ERROR'))).toEqual([
      ...(cutoffMode === 'HARD' ? [] : [`ERROR Cancelling sync due to fatal error: ${over}`]),
      `ERROR ${description}: ${over}`,
    ])
  })

  test('counts over all calls that share what they have used, and the time between them', async () => {
    const { source, dest, to } = await sides()
    const used = { bytes: 0, since: undefined }
    const o: CopyOptions = { maxDuration: 3n * second, used }
    const first = copyDir(recordRun({ transfers: 5 }).ctx, source, { ...dest, remote: slow(to) }, o)
    await vi.advanceTimersByTimeAsync(1000)
    await first
    await vi.advanceTimersByTimeAsync(1500)
    const again = copyDir(
      recordRun({ transfers: 1 }).ctx,
      source,
      { ...dest, remote: slow(to) },
      {
        ...o,
        ignoreTimes: true,
      },
    )
    const ended = expect(again).rejects.toMatchObject({ code: 'duration-limit' })
    await vi.advanceTimersByTimeAsync(600)
    await ended
  })
})
