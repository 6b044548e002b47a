import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { sleep } from '../util/async.ts'
import { copyFile } from './copy.ts'

const kibi = 1024

/** A source with a file of 1 MiB that comes in pieces of 1 KiB, and how many bytes were read of it. */
async function counted() {
  const remote = createMemoryRemote({ name: 'from', hashes: [] })
  await remote.write('file', sourceFromBytes(Buffer.alloc(1024 * kibi)))
  const seen = { read: 0 }
  const open: Remote['open'] = async (path, o) => {
    const reader = await remote.open(path, o)
    return {
      ...reader,
      async *stream(range, call) {
        for await (const chunk of reader.stream(range, call)) {
          for (let at = 0; at < chunk.length; at += kibi) {
            seen.read += kibi
            yield chunk.subarray(at, at + kibi)
          }
        }
      },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    }
  }
  return { seen, remote: { ...remote, open } }
}

test.each([
  [undefined, kibi],
  [0, kibi],
  [64 * kibi, (1 + 64 + 1) * kibi],
])('a buffer of %s: how much is read of a file while its writing stalls', async (bufferSize, expected) => {
  const { seen, remote } = await counted()
  let read = 0
  const to = createMemoryRemote({ name: 'to', hashes: [] })
  const write: Remote['write'] = async (path, source, o) => {
    for await (const _ of source.stream({}, { signal: o?.signal })) {
      await sleep(20)
      read = seen.read
      break
    }
    throw new StorageError('disk-full', 'it stalled', { retry: 'given-up', details: { path } })
  }
  const dest = { remote: { ...to, write }, path: '', file: 'file' }
  await expect(
    copyFile(recordRun().ctx, { remote, path: '', file: 'file' }, dest, { bufferSize }),
  ).rejects.toMatchObject({ code: 'disk-full' })
  expect(read).toBe(expected)
})
