import { expect, test } from 'vitest'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { all } from '../../../test/support/recorded-run.ts'
import type { Entry } from '../../core/entry.ts'
import type { Metadata } from '../../core/metadata.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { parseRfc3339 } from '../../core/time.ts'

const modified = parseRfc3339('2020-07-01T12:00:00Z') ?? 0n

async function metadataOf(remote: Remote, entry: Entry | undefined): Promise<Metadata> {
  if (entry?.kind !== 'file') throw new Error('no file was listed')
  return (await remote.metadata?.(entry)) ?? {}
}

test('metadata is told as the service has it; what it makes itself cannot be set', async () => {
  await using account = await emulatedJottacloud({ now: () => Date.parse('2026-01-02T03:04:05Z') })
  const remote = account.remote()
  const metadata = { btime: '2001-02-03T04:05:06.789Z', utime: '1999-01-01T00:00:00Z', 'content-type': 'x/y' }
  await remote.write('a.txt', sourceFromBytes(Buffer.from('x'), { modified }), { metadata })
  expect(await metadataOf(remote, await remote.stat('a.txt'))).toEqual({
    btime: '2001-02-03T04:05:06Z',
    mtime: '2020-07-01T12:00:00Z',
    utime: '2026-01-02T03:04:05Z',
    'content-type': 'text/plain',
  })
})

test('metadata of a recursive listing lacks upload time and media type, and costs nothing', async () => {
  await using account = await emulatedJottacloud()
  const remote = account.remote()
  await remote.write('a.txt', sourceFromBytes(Buffer.from('x'), { modified }))
  const [entry] = (await all(remote.listAll?.('') ?? expect.fail())).flat()
  account.emulator.counters.reset()
  const time = '2020-07-01T12:00:00Z'
  expect(await metadataOf(remote, entry)).toEqual({ btime: time, mtime: time })
  expect(account.emulator.counters.of().requests).toBe(0)
})

test('times are set without the content, and nothing is sent where the file has them', async () => {
  await using account = await emulatedJottacloud()
  const remote = account.remote()
  await remote.write('a.txt', sourceFromBytes(Buffer.from('x'), { modified }))
  const file = async () => (await remote.stat('a.txt')) ?? expect.fail()
  await remote.setMetadata?.(await file(), { btime: '2001-02-03T04:05:06.789+01:00', utime: '1999-01-01T00:00:00Z' })
  expect(await metadataOf(remote, await file())).toMatchObject({
    btime: '2001-02-03T03:05:06Z',
    mtime: '2020-07-01T12:00:00Z',
    'content-type': 'text/plain',
  })
  const now = await file()
  account.emulator.counters.reset()
  await remote.setMetadata?.(now, {
    btime: '2001-02-03T03:05:06.5Z',
    mtime: '2020-07-01T12:00:00Z',
    'content-type': 'x/y',
  })
  expect(account.emulator.counters.of().requests).toBe(0)
})

test('a creation time that is not named is that of the modification', async () => {
  await using account = await emulatedJottacloud()
  const remote = account.remote()
  await remote.write('a.txt', sourceFromBytes(Buffer.from('x'), { modified }), {
    metadata: async () => ({ mtime: '2005-06-07T08:09:10Z', btime: 'no time' }),
  })
  const times = { btime: '2005-06-07T08:09:10Z', mtime: '2005-06-07T08:09:10Z' }
  expect(await metadataOf(remote, await remote.stat('a.txt'))).toMatchObject(times)
})
