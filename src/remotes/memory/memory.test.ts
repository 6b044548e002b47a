import { describe, expect, test } from 'vitest'
import { sourceFromBytes } from '../../core/source.ts'
import { second } from '../../core/time.ts'
import { conformance } from '../../testing/index.ts'
import type { MemoryOptions } from './index.ts'
import { createMemoryRemote } from './index.ts'

const variants: Readonly<Record<string, MemoryOptions>> = {
  'as it is': {},
  'like Jottacloud: whole seconds, case ignored': { timePrecision: second, caseInsensitive: true },
  'without times and hashes, in small pages': { timePrecision: 'none', hashes: [], pageSize: 3 },
}

for (const [variant, options] of Object.entries(variants))
  describe(`memory ${variant}`, () => {
    conformance({ describe, test }, async () => {
      const remote = createMemoryRemote(options)
      await remote.mkdir('trial/root')
      return { remote, root: 'trial/root', dispose: () => Promise.resolve() }
    })
  })

test('two memory remotes are two accounts', () => {
  expect(createMemoryRemote().identity('a')).not.toEqual(createMemoryRemote().identity('a'))
})

test('a listing comes in pages of the size asked for', async () => {
  const remote = createMemoryRemote({ pageSize: 2 })
  for (const name of ['a', 'b', 'c']) await remote.write(name, sourceFromBytes(new Uint8Array(1)))
  const lengths: number[] = []
  for await (const page of remote.list('')) lengths.push(page.length)
  expect(lengths).toEqual([2, 1])
})

test('without times there is no setTimes, and files have the time of their writing', async () => {
  const remote = createMemoryRemote({ timePrecision: 'none', now: () => 5000 })
  const entry = await remote.write('a', sourceFromBytes(new Uint8Array(1), { modified: 7n * second }))
  expect(entry.modified).toBe(5n * second)
  expect('setTimes' in remote).toBe(false)
})

test('where case is ignored a file keeps the name it was first written under', async () => {
  const remote = createMemoryRemote({ caseInsensitive: true })
  await remote.write('Dir/Name', sourceFromBytes(new Uint8Array(1)))
  const entry = await remote.write('dir/NAME', sourceFromBytes(new Uint8Array(2)))
  expect(entry.path).toBe('Dir/Name')
  expect(entry.size).toBe(2)
})
