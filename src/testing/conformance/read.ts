import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { isStorageError } from '../../core/errors.ts'
import { collect } from '../../core/stream.ts'
import { millisecond, second } from '../../core/time.ts'
import type { Tests } from './trial.ts'
import { fails, pattern, someTime } from './trial.ts'

const big = 3 * 1024 * 1024 + 77

/** `open` and what its Reader gives. */
export const readTests: Tests = {
  'a range gives the bytes it names, as far as there are any': async ({ put, text }) => {
    await put('digits', '0123456789')
    assert.equal(await text('digits'), '0123456789')
    assert.equal(await text('digits', { offset: 3 }), '3456789')
    assert.equal(await text('digits', { offset: 3, length: 4 }), '3456')
    assert.equal(await text('digits', { length: 2 }), '01')
    assert.equal(await text('digits', { offset: 8, length: 100 }), '89')
    assert.equal(await text('digits', { offset: 9, length: 1 }), '9')
  },

  'a range of no length, or from beyond the end, gives nothing': async ({ put, text }) => {
    await put('digits', '0123456789')
    assert.equal(await text('digits', { offset: 4, length: 0 }), '')
    assert.equal(await text('digits', { offset: 10 }), '')
    assert.equal(await text('digits', { offset: 10, length: 1 }), '')
    assert.equal(await text('digits', { offset: 1000, length: 1 }), '')
  },

  'a file of no bytes reads as nothing': async ({ put, text, file }) => {
    await put('empty', '')
    assert.equal((await file('empty')).size, 0)
    assert.equal(await text('empty'), '')
    assert.equal(await text('empty', { offset: 1 }), '')
  },

  'a big file comes whole, in chunks that stay as they were': async ({ remote, put, at }) => {
    const content = pattern(big)
    await put('big', content)
    await using reader = await remote.open(at('big'))
    const chunks: Uint8Array[] = []
    for await (const chunk of reader.stream()) {
      assert.ok(chunk.length > 0, 'a chunk holds bytes')
      chunks.push(chunk)
    }
    assert.ok(Buffer.concat(chunks).equals(content))
    const middle = { offset: 1024 * 1024 - 3, length: 1024 * 1024 + 5 }
    const part = await collect(reader.stream(middle))
    assert.ok(Buffer.from(part).equals(content.subarray(middle.offset, middle.offset + middle.length)))
  },

  'several streams of one reader run beside each other': async ({ remote, put, at }) => {
    const content = pattern(big)
    await put('big', content)
    await using reader = await remote.open(at('big'))
    const half = big >> 1
    const parts = await Promise.all([
      collect(reader.stream({ length: half })),
      collect(reader.stream({ offset: half })),
      collect(reader.stream({ offset: 5, length: 10 })),
    ])
    assert.ok(Buffer.concat(parts.slice(0, 2)).equals(content))
    assert.ok(Buffer.from(parts[2]).equals(content.subarray(5, 15)))
  },

  'a stream may be left early and another begun': async ({ remote, put, at }) => {
    const content = pattern(big)
    await put('big', content)
    await using reader = await remote.open(at('big'))
    for await (const chunk of reader.stream()) if (chunk.length > 0) break
    assert.ok(Buffer.from(await collect(reader.stream())).equals(content))
  },

  'a reader tells what it reads': async ({ remote, put, file, at }) => {
    await put('a', 'abc')
    await using reader = await remote.open(at('a'))
    const entry = await file('a')
    assert.equal(reader.entry.path, at('a'))
    assert.equal(reader.entry.size, 3)
    assert.equal(reader.entry.modified, entry.modified)
    assert.equal(reader.entry.revision, entry.revision)
  },

  'a reader never mixes two revisions': async ({ remote, put, at }) => {
    const [old, fresh] = [pattern(big), pattern(big, 101)]
    await put('big', old)
    await using reader = await remote.open(at('big'))
    const stream = reader.stream()[Symbol.asyncIterator]()
    const first = await stream.next()
    await put('big', fresh, { modified: someTime + second })
    const chunks = first.done ? [] : [first.value]
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next()) chunks.push(next.value)
      assert.ok(Buffer.concat(chunks).equals(old), 'the old bytes, and only those')
    } catch (error) {
      assert.ok(isStorageError(error, 'changed', 'not-found'), String(error))
    }
  },

  'opening what the caller has seen fails with changed when it is another': async ({ remote, put, at }) => {
    const seen = await put('a', 'first')
    await using same = await remote.open(at('a'), { expect: seen })
    assert.equal(same.entry.size, 5)
    await put('a', 'other', { modified: someTime + 2n * second + millisecond })
    await fails(remote.open(at('a'), { expect: seen }), at('a'), 'changed')
    await remote.remove(at('a'))
    await fails(remote.open(at('a'), { expect: seen }), at('a'), 'changed', 'not-found', 'gone')
  },

  'opening what is no file fails': async ({ remote, put, at }) => {
    await put('dir/file', 'x')
    await fails(remote.open(at('missing')), at('missing'), 'not-found')
    await fails(remote.open(at('missing/below')), at('missing/below'), 'not-found')
    await fails(remote.open(at('dir/file/below')), at('dir/file/below'), 'not-found', 'not-dir')
    await fails(remote.open(at('dir')), at('dir'), 'is-dir')
  },
}
