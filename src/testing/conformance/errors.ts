import assert from 'node:assert/strict'
import type { Tests } from './trial.ts'
import { fails } from './trial.ts'

/** `remove`, `mkdir`, `rmdir`, `purge`, `about`: what they do, and how they fail. */
export const errorTests: Tests = {
  'remove takes one file away': async ({ remote, put, names, at }) => {
    await put('dir/a', '1')
    await put('dir/b', '2')
    await remote.remove(at('dir/a'))
    assert.deepEqual(await names('dir'), ['b'])
  },

  'remove of what is no file fails': async ({ remote, put, text, at }) => {
    await put('dir/file', 'x')
    await fails(remote.remove(at('missing')), at('missing'), 'not-found')
    await fails(remote.remove(at('dir/file/below')), at('dir/file/below'), 'not-found', 'not-dir')
    await fails(remote.remove(at('dir')), at('dir'), 'is-dir')
    assert.equal(await text('dir/file'), 'x')
  },

  'mkdir makes parents and is fine with what exists': async ({ remote, put, stat, text, at }) => {
    if (!remote.facts(at('')).emptyDirs) return
    await remote.mkdir(at('a/b/c'))
    await remote.mkdir(at('a/b/c'))
    await remote.mkdir(at(''))
    await remote.mkdir('')
    assert.equal((await stat('a/b/c'))?.kind, 'dir')
    await put('a/b/file', 'x')
    await remote.mkdir(at('a/b'))
    assert.equal(await text('a/b/file'), 'x')
  },

  'mkdir over or below a file fails': async ({ remote, put, text, at }) => {
    if (!remote.facts(at('')).emptyDirs) return
    await put('file', 'x')
    await fails(remote.mkdir(at('file')), at('file'), 'exists')
    await fails(remote.mkdir(at('file/below')), at('file/below'), 'not-dir', 'exists')
    assert.equal(await text('file'), 'x')
  },

  'rmdir removes an empty directory and no other': async ({ remote, put, stat, text, at }) => {
    if (!remote.facts(at('')).emptyDirs) return
    await remote.mkdir(at('empty'))
    await remote.rmdir(at('empty'))
    assert.equal(await stat('empty'), undefined)
    await put('full/file', 'x')
    await remote.mkdir(at('outer/inner'))
    await fails(remote.rmdir(at('full')), at('full'), 'not-empty')
    await fails(remote.rmdir(at('outer')), at('outer'), 'not-empty')
    assert.equal(await text('full/file'), 'x')
    assert.equal((await stat('outer/inner'))?.kind, 'dir')
  },

  'rmdir of what is no directory fails with dir-not-found': async ({ remote, put, text, at }) => {
    if (!remote.facts(at('')).emptyDirs) return
    await put('file', 'x')
    await fails(remote.rmdir(at('missing')), at('missing'), 'dir-not-found')
    await fails(remote.rmdir(at('file')), at('file'), 'dir-not-found')
    assert.equal(await text('file'), 'x')
  },

  'purge removes a directory with all below': async ({ remote, put, names, at }) => {
    if (!remote.purge) return
    await put('dir/a', '1')
    await put('dir/b/c', '2')
    await put('dir2/d', '3')
    await remote.purge(at('dir'))
    assert.deepEqual(await names(''), ['dir2/'])
    assert.deepEqual(await names('dir2'), ['d'])
  },

  'purge of what is no directory fails with dir-not-found': async ({ remote, put, text, at }) => {
    if (!remote.purge) return
    await put('file', 'x')
    await fails(remote.purge(at('missing')), at('missing'), 'dir-not-found')
    await fails(remote.purge(at('file')), at('file'), 'dir-not-found')
    assert.equal(await text('file'), 'x')
  },

  'about gives whole numbers of bytes': async ({ remote, put, at }) => {
    if (!remote.about) return
    await put('file', 'x')
    for (const [what, value] of Object.entries(await remote.about(at(''))))
      assert.ok(value === undefined || (Number.isSafeInteger(value) && value >= 0), `${what}: ${String(value)}`)
  },

  'identity tells paths apart and gives the same for the same': async ({ remote, put, at }) => {
    await put('file', 'x')
    const [one, same, other] = ['file', 'file', 'other'].map((path) => remote.identity(at(path)))
    assert.deepEqual(one, same)
    assert.notDeepEqual(one, other)
  },
}
