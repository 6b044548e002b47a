import { assert, asyncProperty, bigInt } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordRun, without } from '../../test/support/recorded-run.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Remote } from '../core/remote.ts'
import { second } from '../core/time.ts'
import type { MemoryOptions } from '../remotes/memory/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { createCompare } from './compare.ts'
import type { CompareOptions } from './options.ts'
import type { DirPair, FilePair, Verdict } from './pair.ts'

const now = 1_600_000_000n * second
const base: FileEntry = { kind: 'file', path: 'f', size: 5, modified: now, hashes: { md5: 'aa' } }

interface Setting {
  readonly o?: CompareOptions
  readonly source?: MemoryOptions
  readonly dest?: MemoryOptions
  readonly wrapDest?: (remote: Remote) => Remote
}

async function verdictOf(
  change: { readonly source?: Partial<FileEntry>; readonly dest?: Partial<FileEntry> },
  { o = {}, source = {}, dest = {}, wrapDest = (remote) => remote }: Setting = {},
  run = recordRun(),
): Promise<Verdict> {
  const [from, to] = [createMemoryRemote(source), wrapDest(createMemoryRemote(dest))]
  const compare = createCompare(run.ctx, { remote: from, path: '' }, { remote: to, path: '' }, o)
  const pair: FilePair = {
    kind: 'file',
    path: 'f',
    wanted: 'f',
    target: 'f',
    source: { ...base, ...change.source },
    dest: { ...base, ...change.dest },
  }
  const verdict = compare(pair)
  return typeof verdict === 'string' ? verdict : await verdict()
}

const later = { modified: now + 10n * second }
const earlier = { modified: now - 10n * second }
const otherHash = { hashes: { md5: 'bb' } }
const unhashed = { hashes: [] }

describe('two files', () => {
  test.each<[string, Parameters<typeof verdictOf>[0], Setting, Verdict]>([
    ['equal size and time', {}, {}, 'same'],
    ['equal size and time do not read hashes', { dest: otherHash }, {}, 'same'],
    ['other size', { dest: { size: 6 } }, {}, 'different'],
    ['other size, ignored', { dest: { size: 6 } }, { o: { ignoreSize: true } }, 'same'],
    ['unknown size', { dest: { size: undefined } }, {}, 'same'],
    ['other time, same hash', { dest: later }, {}, 'time'],
    ['other time, other hash', { dest: { ...later, ...otherHash } }, {}, 'different'],
    ['other time, unknown hash', { dest: { ...later, hashes: {} } }, { wrapDest: noHash }, 'different'],
    ['other time, no common hash', { dest: later }, { dest: unhashed }, 'different'],
    ['other time, times cannot be set', { dest: later }, { wrapDest: noTimes }, 'different'],
    ['other time, times need not be set', { dest: later }, { wrapDest: noTimes, o: { noUpdateModtime: true } }, 'time'],
    ['size only', { dest: { ...later, ...otherHash } }, { o: { sizeOnly: true } }, 'same'],
    ['checksum equal, other time', { dest: later }, { o: { checksum: true } }, 'same'],
    ['checksum differs, same time', { dest: otherHash }, { o: { checksum: true } }, 'different'],
    ['ignore times', {}, { o: { ignoreTimes: true } }, 'different'],
    ['ignore existing comes first', { dest: { size: 9 } }, { o: { ignoreExisting: true, ignoreTimes: true } }, 'keep'],
    ['update: destination is newer', { dest: { ...later, size: 9 } }, { o: { update: true } }, 'keep'],
    ['update: destination is older', { dest: { ...earlier, size: 9 } }, { o: { update: true } }, 'different'],
    ['update: destination is older, same content', { dest: earlier }, { o: { update: true } }, 'time'],
    ['update: destination is older, size only', { dest: earlier }, { o: { update: true, sizeOnly: true } }, 'same'],
    ['update: destination is older, checksum', { dest: earlier }, { o: { update: true, checksum: true } }, 'same'],
    ['update: same time, other hash', { dest: otherHash }, { o: { update: true } }, 'same'],
    ['update: same time, checksum', { dest: otherHash }, { o: { update: true, checksum: true } }, 'different'],
    ['no times: same size', { dest: { ...later, hashes: {} } }, { dest: { timePrecision: 'none' } }, 'same'],
    ['no times: hash at hand', { dest: otherHash }, { dest: { timePrecision: 'none' } }, 'different'],
  ])('%s', async (_name, change, setting, verdict) => {
    expect(await verdictOf(change, setting)).toBe(verdict)
  })

  test('times closer than the coarser precision are the same, and at the precision they are not', async () => {
    const setting = { dest: { timePrecision: second } }
    expect(await verdictOf({ dest: { modified: now + second - 1n } }, setting)).toBe('same')
    expect(await verdictOf({ dest: { modified: now - second + 1n } }, setting)).toBe('same')
    expect(await verdictOf({ dest: { modified: now + second } }, setting)).toBe('time')
    expect(await verdictOf({ dest: { modified: now - second } }, setting)).toBe('time')
  })

  test('a wider window can be asked for, a narrower one than the precision cannot', async () => {
    expect(await verdictOf({ dest: later }, { o: { modifyWindow: 10n * second + 1n } })).toBe('same')
    const change = { dest: { modified: now + second / 2n } }
    expect(await verdictOf(change, { o: { modifyWindow: 1n }, source: { timePrecision: second } })).toBe('same')
  })

  test('that checksum has no hash to compare is said once', async () => {
    const run = recordRun()
    const [from, to] = [createMemoryRemote({ hashes: ['sha1'] }), createMemoryRemote()]
    const compare = createCompare(run.ctx, { remote: from, path: 'a' }, { remote: to, path: 'b' }, { checksum: true })
    for (const path of ['x', 'y'])
      expect(compare({ kind: 'file', path, wanted: path, target: path, source: base, dest: base })).toBe('same')
    expect(run.lines()).toEqual([
      "NOTICE memory root 'b': --checksum is in use but the source and destination have no hashes in common; falling back to --size-only",
    ])
  })

  test('with update the destination only ever gets newer', async () => {
    await assert(
      asyncProperty(bigInt(-100n, 100n), bigInt(1n, 50n), async (age, window) => {
        const verdict = await verdictOf(
          { dest: { modified: now + age, size: 9 } },
          { o: { update: true, modifyWindow: window } },
        )
        expect(verdict === 'keep').toBe(age >= window)
      }),
      { numRuns: 50 },
    )
  })
})

describe('two directories', () => {
  test('differ by their time', () => {
    expect(compareDirs(0n)).toBe('same')
    expect(compareDirs(1n)).toBe('time')
    expect(compareDirs(0n, { ignoreTimes: true })).toBe('time')
    expect(compareDirs(1n, { sizeOnly: true })).toBe('same')
    expect(compareDirs(1n, { ignoreExisting: true })).toBe('same')
    expect(compareDirs(1n, { immutable: true })).toBe('same')
    expect(compareDirs(1n, { update: true })).toBe('keep')
    expect(compareDirs(-1n, { update: true })).toBe('time')
  })
})

function noTimes(remote: Remote): Remote {
  return without(remote, 'setTimes')
}

function noHash(remote: Remote): Remote {
  return { ...remote, hash: () => Promise.resolve(undefined) }
}

function compareDirs(age: bigint, o: CompareOptions = {}): unknown {
  const remote = createMemoryRemote()
  const compare = createCompare(recordRun().ctx, { remote, path: 'a' }, { remote, path: 'b' }, o)
  const pair: DirPair = {
    kind: 'dir',
    path: 'd',
    wanted: 'd',
    target: 'b/d',
    source: { kind: 'dir', path: 'a/d', modified: now },
    dest: { kind: 'dir', path: 'b/d', modified: now + age },
  }
  return compare(pair)
}
