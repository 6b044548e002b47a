import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Buffer } from 'node:buffer'
import { isStorageError, StorageError } from '../../core/errors.ts'
import type { Source } from '../../core/source.ts'
import { sourceOf } from '../../core/source-of.ts'
import { sourceFromBytes, withHashing } from '../../core/source.ts'
import type { Time } from '../../core/time.ts'
import { parseRfc3339 } from '../../core/time.ts'
import type { Tests, Trial } from './trial.ts'
import { fails, pattern, sameTime, someTime } from './trial.ts'

const big = 2 * 1024 * 1024 + 33
const half = 1024 * 1024

/** `write`: whole or not at all. */
export const writeTests: Tests = {
  'a write makes the parents and tells what was stored': async ({ remote, put, text, file, at }) => {
    const entry = await put('a/b/c/file.txt', 'hello')
    assert.equal(entry.path, at('a/b/c/file.txt'))
    assert.equal(entry.size, 5)
    assert.equal(await text('a/b/c/file.txt'), 'hello')
    const looked = await file('a/b/c/file.txt')
    assert.equal(looked.size, 5)
    // A remote need not ask once more only to tell a revision.
    if (entry.revision !== undefined) assert.equal(looked.revision, entry.revision)
    sameTime(remote, looked, entry.modified)
  },

  'a write replaces a file of any other length': async ({ put, text, names }) => {
    for (const content of ['short', 'a longer one', '', 'x', 'x']) {
      await put('file', content)
      assert.equal(await text('file'), content)
    }
    assert.deepEqual(await names(''), ['file'])
  },

  'one content may lie under two names': async ({ put, text, remote, at }) => {
    await put('one', 'same')
    await put('two', 'same')
    await remote.remove(at('one'))
    assert.equal(await text('two'), 'same')
  },

  'a source of unknown size is written whole': async ({ write, text, file }) => {
    const known = sourceFromBytes(Buffer.from('how long is this'), { modified: someTime })
    await write('file', { ...known, size: undefined })
    assert.equal((await file('file')).size, 16)
    assert.equal(await text('file'), 'how long is this')
    await write('file', { ...sourceFromBytes(new Uint8Array(0)), size: undefined })
    assert.equal(await text('file'), '')
  },

  'a big file is written as it is read': async ({ remote, put, at, write, file }) => {
    const content = pattern(big)
    await put('big', content)
    await write('copy', sourceOf(remote, await file('big')))
    await using reader = await remote.open(at('copy'))
    const chunks: Uint8Array[] = []
    for await (const chunk of reader.stream()) chunks.push(chunk)
    assert.ok(Buffer.concat(chunks).equals(content))
    sameTime(remote, reader.entry, (await file('big')).modified)
  },

  'times are kept as exactly as the facts say': async ({ remote, put, file, stat, at }) => {
    for (const time of oddTimes()) {
      sameTime(remote, await put('timed', String(time), { modified: time }), time)
      sameTime(remote, await file('timed'), time)
    }
    await put('dir/file', '1')
    if (remote.facts(at('')).emptyDirs) assert.equal((await stat('dir'))?.kind, 'dir')
  },

  'a source without a time gets one': async ({ write, file }) => {
    await write('file', sourceFromBytes(Buffer.from('x')))
    assert.ok((await file('file')).modified > 0n)
  },

  'hashes are those of the bytes': async ({ remote, put, at, file }) => {
    for (const content of [new Uint8Array(0), Buffer.from('abc'), pattern(big)]) {
      await put('file', content)
      const entry = await file('file')
      for (const type of remote.facts(at('file')).hashes) {
        const hash = entry.hashes[type] ?? (await remote.hash?.(entry, type))
        if (hash !== undefined) assert.equal(hash, await sourceFromBytes(content).hash(type))
      }
    }
  },

  'progress never falls and ends at the size': async ({ write, file }) => {
    const positions: number[] = []
    const onProgress = (position: number): void => {
      positions.push(position)
    }
    await write('big', slowly(pattern(big, 3)), { onProgress })
    assert.equal(positions.at(-1), big)
    assert.ok(
      positions.every((position, i) => position >= (positions[i - 1] ?? 0)),
      'never falls',
    )
    positions.length = 0
    await write('empty', sourceFromBytes(new Uint8Array(0)), { onProgress })
    assert.ok(positions.every((position) => position === 0))
    assert.equal((await file('big')).size, big)
  },

  'an error of the source comes through and leaves everything as it was': async (trial) => {
    const broken = new StorageError('io', 'the source broke', { details: { path: 'source' } })
    await keepsOld(trial, breaking(broken), (error) => chain(error).includes(broken))
  },

  'a source of another size than it promised is refused': async (trial) => {
    const content = pattern(half)
    await keepsOld(trial, { ...sourceFromBytes(content), size: half + 1 }, otherSize)
    await keepsOld(trial, { ...sourceFromBytes(content), size: half - 1 }, otherSize)
    await keepsOld(trial, { ...sourceFromBytes(content), size: 0 }, otherSize)
  },

  'a source whose known hash is wrong is refused': async (trial) => {
    const { hashes, needsHashBeforeWrite } = trial.remote.facts(trial.at('kept'))
    const type = needsHashBeforeWrite ?? hashes[0]
    if (type === undefined) return
    const wrong = await sourceFromBytes(Buffer.from(`wrong ${trial.at('kept')}`)).hash(type)
    const source = { ...sourceFromBytes(pattern(half, 9)), known: { [type]: wrong } }
    await keepsOld(
      trial,
      { ...source, hash: (asked) => Promise.resolve(asked === type ? wrong : undefined) },
      (error) => isStorageError(error, 'corrupt'),
    )
  },

  'a write that is under way is not to be seen under its name': async ({ put, write, text, file }) => {
    await put('file', 'old')
    const seen: unknown[] = []
    const source = withHashing({
      size: big,
      modified: someTime,
      known: {},
      async *stream() {
        yield pattern(half, 5)
        seen.push((await file('file')).size, await text('file'))
        yield pattern(big - half, 6)
      },
    })
    await write('file', source)
    assert.deepEqual(seen.slice(0, 2), [3, 'old'])
    assert.equal((await file('file')).size, big)
  },

  'of two writes to one name one is left, whole': async ({ write, text, names }) => {
    const [a, b] = ['a'.repeat(big), 'b'.repeat(big - 1)]
    const results = await Promise.allSettled([a, b].map((t) => write('file', slowly(Buffer.from(t)))))
    assert.ok(results.some((result) => result.status === 'fulfilled'))
    assert.ok([a, b].includes(await text('file')))
    assert.deepEqual(await names(''), ['file'])
  },

  'a directory is not replaced by a file': async ({ put, text, at }) => {
    await put('dir/file', 'x')
    await fails(put('dir', 'y'), at('dir'), 'is-dir')
    assert.equal(await text('dir/file'), 'x')
  },

  'nothing is written below a file': async ({ put, text, at }) => {
    await put('file', 'x')
    await fails(put('file/below', 'y'), at('file/below'), 'not-dir', 'exists')
    await fails(put('file/far/below', 'y'), at('file/far/below'), 'not-dir', 'exists')
    assert.equal(await text('file'), 'x')
  },
}

/** Writes from a bad source over a file and under a new name, and looks that nothing came of it. */
async function keepsOld(trial: Trial, source: Source, expected: (error: unknown) => boolean): Promise<void> {
  await trial.put('dir/kept', 'old')
  const before = await trial.everything()
  await assert.rejects(trial.write('dir/kept', source), expected)
  await assert.rejects(trial.write('dir/new', source), expected)
  assert.deepEqual(await trial.everything(), before)
}

function otherSize(error: unknown): boolean {
  return isStorageError(error, 'corrupt', 'changed')
}

function breaking(error: Error): Source {
  return withHashing({
    size: big,
    modified: someTime,
    known: { md5: createHash('md5').update(`unknown ${Math.random()}`).digest('hex') },
    async *stream() {
      yield pattern(half)
      throw error
    },
  })
}

function slowly(bytes: Uint8Array): Source {
  return withHashing({
    size: bytes.length,
    modified: someTime,
    known: {},
    async *stream({ offset = 0, length = bytes.length } = {}) {
      const end = Math.min(bytes.length, offset + length)
      for (let at = offset; at < end; at += 200_000) {
        await new Promise(setImmediate)
        yield bytes.subarray(at, Math.min(end, at + 200_000))
      }
    },
  })
}

function chain(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : []
}

function oddTimes(): readonly Time[] {
  const texts = ['2001-02-03T04:05:06.789012345Z', '1999-12-31T23:59:59.999999999Z', '2024-02-29T00:00:00Z']
  return [...texts, '1980-01-01T00:00:00.5Z', '2039-01-19T03:14:08.000000001Z'].map((text) => parseRfc3339(text) ?? 0n)
}
