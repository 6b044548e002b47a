import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Location, Remote } from '../core/remote.ts'
import type { Facts } from '../core/facts.ts'
import { parseRfc3339 } from '../core/time.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { createCarrier, metadataOfNew } from './carry-metadata.ts'

const modified = parseRfc3339('2001-02-03T04:05:06.5Z') ?? 0n
const file: FileEntry = { kind: 'file', path: 'src/d/a.txt', size: 3, modified, hashes: {} }

let dir = ''
let mapper: readonly string[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-carry-'))
  writeFileSync(
    join(dir, 'm.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs'
     const text = readFileSync(0, 'utf8')
     appendFileSync(process.argv[2], text.replaceAll(/\\s+/g, ' ') + '\\n')
     console.log(JSON.stringify({ Metadata: { mapped: 'yes', ...JSON.parse(text).Metadata } }))`,
  )
  mapper = [process.execPath, join(dir, 'm.mjs'), join(dir, 'seen')]
})
afterEach(() => rmSync(dir, { recursive: true }))

const seen = (): unknown[] =>
  readFileSync(join(dir, 'seen'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line))

function place(name: string, path: string, more: Partial<Remote> = {}): Location {
  const remote = createMemoryRemote({ name })
  return { remote: { ...remote, metadata: (entry) => Promise.resolve({ of: `${name}:${entry.path}` }), ...more }, path }
}

/** A disk that shows its paths otherwise. */
function disk(name: string, path: string): Location {
  const location = place(name, path)
  const facts = (at: string): Facts => ({ ...location.remote.facts(at), shown: `shown/${at}` })
  return { path, remote: { ...location.remote, type: 'local', facts } }
}

test('nothing is carried without --metadata', () => {
  const { ctx } = recordRun()
  const o = { metadataSet: ['a=b'], metadataMapper: mapper }
  expect(createCarrier(ctx, place('a', ''), place('b', ''), o)).toBeUndefined()
  expect(metadataOfNew(ctx, place('b', ''), { path: 'f', size: 0, modified, piped: true }, o)).toBeUndefined()
})

test('what is set goes before what the source has; keys in lower case, the last one counts', async () => {
  const o = { metadata: true, metadataSet: ['Mode=1', 'mode=2', 'x=a=b'] }
  const carrier = createCarrier(recordRun().ctx, place('from', 'src'), place('to', 'dst'), o)
  const found = { of: 'from:src/d/a.txt', mode: '2', x: 'a=b' }
  expect(await carrier?.ofFile(file)('dst/d/a.txt.partial')).toEqual(found)
  expect(await carrier?.ofFile(file)('dst/d/a.txt.partial', file)).toBeUndefined()
  expect(await carrier?.ofOriginal(file)).toEqual(found)
  expect(carrier?.changes).toBe(true)
  expect(() =>
    createCarrier(recordRun().ctx, place('a', ''), place('b', ''), { metadata: true, metadataSet: ['x'] }),
  ).toThrow("Failed to parse 'x' as metadata key=value.")
})

test('the mapper is told both places, the name that is written, and the whole file under it once more', async () => {
  const [source, dest] = [disk('local', 'src'), disk('usb', 'dst')]
  const carrier = createCarrier(recordRun().ctx, source, dest, { metadata: true, metadataMapper: mapper })
  const find = carrier?.ofFile(file)
  expect(await find?.('dst/d/a.txt.1.partial')).toEqual({ mapped: 'yes', of: 'local:src/d/a.txt' })
  await find?.('dst/d/a.txt.1.partial', { ...file, path: 'dst/d/a.txt.1.partial', size: 4 })
  await carrier?.ofOriginal({ ...file, mimeType: 'x/y' })
  const common = {
    DstFs: 'usb:shown/dst',
    DstFsType: 'local',
    IsDir: false,
    ModTime: expect.stringMatching(/^2001-02-03T.*:06\.5(Z|[+-])/),
  }
  const partial = { ...common, Remote: 'd/a.txt.1.partial', MimeType: 'application/octet-stream' }
  const first = { ...partial, SrcFs: 'shown/src', SrcFsType: 'local', Size: 3, Metadata: { of: 'local:src/d/a.txt' } }
  expect(seen()).toEqual([
    first,
    { ...partial, SrcFs: 'usb:shown/dst', SrcFsType: 'local', Size: 4, Metadata: { of: 'usb:dst/d/a.txt.1.partial' } },
    { ...first, Remote: 'd/a.txt', MimeType: 'x/y' },
  ])
})

test('a directory has the time that it was listed with, and keeps it where the mapper answers none', async () => {
  const source = place('from', 'src', { stat: (path) => Promise.resolve({ kind: 'dir', path, size: 4096 }) })
  const o = { metadata: true, metadataMapper: mapper }
  const carrier = createCarrier(recordRun().ctx, source, place('to', 'dst'), o)
  const given = { mtime: '2001-02-03T04:05:06.5Z', of: 'from:src/d' }
  expect(await carrier?.ofDir({ kind: 'dir', path: 'src/d', modified })).toEqual({ mapped: 'yes', ...given })
  expect(seen()).toMatchObject([{ Remote: 'd', Size: 4096, IsDir: false, Metadata: given }])
  const silent = createCarrier(recordRun().ctx, source, place('to', 'dst'), {
    metadata: true,
    metadataMapper: ['echo', '{}'],
  })
  expect(await silent?.ofDir({ kind: 'dir', path: 'src/d', modified })).toEqual({ mtime: given.mtime })
})

test('a new file has what is set, and the mapper is told of it once', async () => {
  const dest = place('to', 'dst')
  const o = { metadata: true, metadataSet: ['a=b'], metadataMapper: mapper }
  const find = metadataOfNew(recordRun().ctx, dest, { path: 'dst/f', size: undefined, modified, piped: true }, o)
  expect(await find?.('dst/f.partial')).toEqual({ mapped: 'yes', a: 'b' })
  expect(await find?.('dst/f.partial', file)).toBeUndefined()
  expect(seen()).toMatchObject([
    { SrcFs: 'memory:', SrcFsType: 'object.memoryFs', DstFs: 'to:dst', Remote: 'f', Size: -1 },
  ])
})

test('what cannot be read says what was tried', async () => {
  const source = place('from', 'src', { metadata: () => Promise.reject(new Error('broken')) })
  const carrier = createCarrier(recordRun().ctx, source, place('to', 'dst'), { metadata: true })
  const message = 'failed to read metadata from source object: broken'
  await expect(carrier?.ofFile(file)('dst/d/a.txt')).rejects.toMatchObject({ message })
})
