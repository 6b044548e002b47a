import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { Entry } from '../../core/entry.ts'
import { mapConcurrent } from '../../util/async.ts'
import type { Tests } from './trial.ts'
import { entriesOf, fails, someTime, sameTime, walk } from './trial.ts'

/** Listings, `stat` and `listAll`. */
export const listTests: Tests = {
  'an empty directory lists as nothing': async ({ remote, at }) => {
    assert.deepEqual(await entriesOf(remote.list(at(''))), [])
  },

  'one level is listed, with whole paths and sizes': async ({ remote, put, at }) => {
    await put('a.txt', 'hello')
    await put('dir/b.txt', 'b')
    await put('dir/sub/c.txt', 'c')
    const top = await entriesOf(remote.list(at('')))
    assert.deepEqual(told(top), [`dir ${at('dir')} `, `file ${at('a.txt')} 5`])
  },

  'every entry of a long listing comes exactly once': async ({ put, names }) => {
    const expected = Array.from({ length: 130 }, (_, i) => `file ${String(i).padStart(3, '0')}`)
    await mapConcurrent(expected, 8, (name) => put(`many/${name}`, name))
    assert.deepEqual(await names('many'), expected)
  },

  'a listing may be left early and begun again': async ({ remote, put, at, names }) => {
    await put('a', '1')
    await put('b', '2')
    for await (const page of remote.list(at(''))) if (page.length > 0) break
    assert.deepEqual(await names(''), ['a', 'b'])
  },

  'a listing brings what stat brings': async ({ remote, put, at, stat }) => {
    await put('a', 'one')
    await put('d/b', 'two')
    for (const entry of await entriesOf(remote.list(at('')))) {
      const looked = await stat(entry.path.slice(at('').length + 1))
      assert.equal(looked?.kind, entry.kind)
      assert.equal(looked?.path, entry.path)
      if (entry.kind === 'file' && looked?.kind === 'file') {
        assert.equal(looked.size, entry.size)
        assert.equal(looked.revision, entry.revision)
        sameTime(remote, looked, entry.modified)
        sameTime(remote, entry, someTime)
      }
    }
  },

  'listing a missing directory fails with dir-not-found': async ({ remote, at }) => {
    await fails(entriesOf(remote.list(at('missing'))), at('missing'), 'dir-not-found')
    await fails(entriesOf(remote.list(at('missing/below'))), at('missing/below'), 'dir-not-found')
  },

  'listing a file, or below a file, fails with dir-not-found': async ({ remote, put, at }) => {
    await put('file', 'x')
    await fails(entriesOf(remote.list(at('file'))), at('file'), 'dir-not-found')
    await fails(entriesOf(remote.list(at('file/below'))), at('file/below'), 'dir-not-found')
  },

  'empty directories are listed where the place keeps them': async ({ remote, at, names }) => {
    if (!remote.facts(at('')).emptyDirs) return
    await remote.mkdir(at('empty/inside'))
    assert.deepEqual(await names(''), ['empty/'])
    assert.deepEqual(await names('empty'), ['inside/'])
    assert.deepEqual(await names('empty/inside'), [])
  },

  'stat tells files, directories and absence apart': async ({ remote, put, stat, at }) => {
    await put('dir/file', 'x')
    assert.equal((await stat('dir/file'))?.kind, 'file')
    assert.equal((await stat('dir'))?.kind, 'dir')
    assert.equal((await stat('dir'))?.path, at('dir'))
    assert.equal((await remote.stat(''))?.kind, 'dir', 'the root of the remote')
    assert.equal((await stat(''))?.kind, 'dir', 'the root of the trial')
    for (const absent of ['missing', 'missing/below', 'dir/file/below', 'dir/fil', 'dir/file2'])
      assert.equal(await stat(absent), undefined, absent)
  },

  'listAll finds what a walk finds': async ({ remote, put, at }) => {
    if (!remote.listAll) return
    for (const path of ['a', 'd/b', 'd/e/c', 'd/e/f/g', 'z y/x']) await put(path, path)
    if (remote.facts(at('')).emptyDirs) await remote.mkdir(at('d/empty'))
    assert.deepEqual(told(await entriesOf(remote.listAll(at('')))), told(await walk(remote, at(''))))
    assert.deepEqual(told(await entriesOf(remote.listAll(at('d/e')))), told(await walk(remote, at('d/e'))))
  },

  'listAll of a missing directory or a file fails with dir-not-found': async ({ remote, put, at }) => {
    if (!remote.listAll) return
    await put('file', Buffer.from('x'))
    await fails(entriesOf(remote.listAll(at('missing'))), at('missing'), 'dir-not-found')
    await fails(entriesOf(remote.listAll(at('file'))), at('file'), 'dir-not-found')
  },
}

function told(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => `${entry.kind} ${entry.path} ${entry.kind === 'file' ? entry.size : ''}`).sort()
}
