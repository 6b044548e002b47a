import { describe, expect, test } from 'vitest'
import { all, plant, recordRun } from '../../test/support/recorded-run.ts'
import { parseRfc3339 } from '../core/time.ts'
import type { Remote } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { goJson } from '../options/go-json.ts'
import { createJsonItems, wantedHashes } from './list-json.ts'
import type { JsonFormat } from './list-json.ts'
import { statJson } from './stat-json.ts'
import { walk } from './walk.ts'

const time = parseRfc3339('2001-02-03T04:05:06.7Z') ?? 0n
const plain: JsonFormat = {
  noModtime: true,
  noMimetype: false,
  metadata: false,
  hashes: undefined,
  defaultTime: 0n,
}

async function planted(precision = 1n): Promise<Remote> {
  const remote = createMemoryRemote({ timePrecision: precision, hashes: ['sha1', 'md5'] })
  await plant(remote, { 'r/a.txt': 'abc', 'r/d/': '' }, time)
  return remote
}

async function shown(format: Partial<JsonFormat>, remote?: Remote, run = recordRun()): Promise<string[]> {
  const there = remote ?? (await planted())
  const item = createJsonItems(run.ctx, there, { ...plain, ...format })
  const entries = (await all(walk(run.ctx, { remote: there, path: 'r' }, { maxDepth: 1 }))).flat()
  return await Promise.all(entries.map(async (entry) => goJson(await item(entry, entry.path.slice(2)))))
}

describe('an object of lsjson', () => {
  test('has the keys of rclone in its order', async () => {
    expect(await shown({})).toEqual([
      '{"Path":"a.txt","Name":"a.txt","Size":3,"MimeType":"text/plain; charset=utf-8","ModTime":"","IsDir":false}',
      '{"Path":"d","Name":"d","Size":-1,"MimeType":"inode/directory","ModTime":"","IsDir":true}',
    ])
  })

  test('has times as exact as the remote', async () => {
    const timeOf = async (precision: bigint) =>
      (await shown({ noModtime: false, noMimetype: true }, await planted(precision)))[0]
    expect(await timeOf(1n)).toContain('"ModTime":"2001-02-03T04:05:06.700000000Z"')
    expect(await timeOf(1_000_000_000n)).toContain('"ModTime":"2001-02-03T04:05:06Z"')
  })

  test('has the hashes that were asked for in alphabetical order, files alone', async () => {
    const [file, dir] = await shown({ hashes: [] })
    expect(file).toContain(
      '"Hashes":{"md5":"900150983cd24fb0d6963f7d28e17f72","sha1":"a9993e364706816aba3e25717850c26c9cd0d89d"}}',
    )
    expect(dir).not.toContain('Hashes')
    const run = recordRun()
    expect((await shown({ hashes: ['crc32'] }, undefined, run))[0]).not.toContain('Hashes')
    expect(run.lines()).toEqual(['ERROR a.txt: Failed to read hash: hash type not supported'])
  })

  test('has metadata', async () => {
    expect((await shown({ metadata: true }))[0]).toMatch(/"IsDir":false,"Metadata":\{"btime":"[^"]+","mtime":"2001-/)
  })
})

describe('the object of a place itself', () => {
  const o = { ...plain, filesOnly: false, dirsOnly: false, now: time }

  test('is that of the file, or a directory without a name', async () => {
    const remote = await planted()
    const { ctx } = recordRun()
    expect(await statJson(ctx, { remote, path: 'r', file: 'a.txt' }, o)).toMatchObject({ Path: 'a.txt', Size: 3 })
    expect(await statJson(ctx, { remote, path: 'r' }, o)).toMatchObject({ Path: '', Size: -1, IsDir: true })
    expect(await statJson(ctx, { remote, path: 'r' }, { ...o, filesOnly: true })).toBeUndefined()
    await expect(statJson(ctx, { remote, path: 'no' }, o)).rejects.toMatchObject({ code: 'dir-not-found' })
  })
})

test('an unknown hash is refused', () => {
  expect(wantedHashes(false, [])).toBeUndefined()
  expect(wantedHashes(true, [])).toEqual([])
  expect(wantedHashes(false, ['MD5'])).toEqual(['md5'])
  expect(() => wantedHashes(false, ['md6'])).toThrow('unknown hash type "md6"')
})
