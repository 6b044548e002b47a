import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { collect } from '../core/stream.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import type { CatPart } from './cat.ts'
import { cat, catPart } from './cat.ts'
import type { Place } from './find-files.ts'

async function read(place: Place, part?: CatPart, run = recordRun()): Promise<string> {
  const texts: string[] = []
  for await (const { content } of cat(run.ctx, place, { part }))
    texts.push(Buffer.from(await collect(content)).toString())
  return texts.join('|')
}

async function planted(): Promise<Remote> {
  const remote = createMemoryRemote()
  await plant(remote, { 'r/a.txt': 'hello world\n', 'r/b/c': 'two', 'r/empty': '' })
  return remote
}

describe('cat', () => {
  test.each([
    [{}, 'hello world\n'],
    [{ head: 5 }, 'hello'],
    [{ head: 0 }, 'hello world\n'],
    [{ tail: 6 }, 'world\n'],
    [{ tail: 100 }, 'hello world\n'],
    [{ offset: 6, count: 3 }, 'wor'],
    [{ offset: -6, count: 2 }, 'wo'],
    [{ offset: -100 }, 'hello world\n'],
    [{ offset: 100 }, ''],
    [{ count: 0 }, ''],
  ])('with %o gives %j', async (flags, text) => {
    expect(await read({ remote: await planted(), path: 'r', file: 'a.txt' }, catPart(flags))).toBe(text)
  })

  test('takes one of the ways to name a part', () => {
    for (const flags of [
      { head: 1, tail: 1 },
      { head: 1, offset: 1 },
      { tail: 1, count: 1 },
    ])
      expect(() => catPart(flags)).toThrow('Can only use one of  --head, --tail or --offset with --count')
  })

  test('gives every file below a directory, one after another', async () => {
    const texts = (await read({ remote: await planted(), path: 'r' })).split('|')
    expect(texts.toSorted()).toEqual(['', 'hello world\n', 'two'])
  })

  test('a missing directory is thrown; a file that went away gives nothing', async () => {
    const remote = await planted()
    await expect(read({ remote, path: 'no' })).rejects.toMatchObject({ code: 'dir-not-found' })
    expect(await read({ remote, path: 'r', file: 'no' })).toBe('')
  })

  test('a file that cannot be read is reported, the others are given, and it is thrown at the end', async () => {
    const remote = await planted()
    const failing: Remote = {
      ...remote,
      open: (path, o) =>
        path === 'r/b/c' ? Promise.reject(new StorageError('permission', 'not yours')) : remote.open(path, o),
    }
    const run = recordRun()
    await expect(read({ remote: failing, path: 'r' }, undefined, run)).rejects.toMatchObject({ code: 'permission' })
    expect(run.lines()).toEqual(['ERROR b/c: Failed to open: not yours'])
    expect(run.of('error')).toHaveLength(1)
  })
})
