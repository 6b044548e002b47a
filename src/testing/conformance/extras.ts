import assert from 'node:assert/strict'
import { StorageError } from '../../core/errors.ts'
import type { FindMetadata } from '../../core/metadata.ts'
import { parent } from '../../core/path.ts'
import { parseRfc3339, second } from '../../core/time.ts'
import type { Tests } from './trial.ts'
import { fails, sameTime, someTime } from './trial.ts'

/** `metadata`, `links`, `nameProblem` and `cleanUp`, each where the remote has it. */
export const extraTests: Tests = {
  'metadata names the time of a file, and takes it': async ({ remote, put, file, at }) => {
    const items = remote.facts(at('')).metadata?.map(({ name }) => name) ?? []
    if (!remote.metadata || !items.includes('mtime')) return
    const wanted = '2001-02-03T04:05:06Z'
    await put('file', 'x', { metadata: { mtime: wanted, nonsense: 'x' } })
    const entry = await file('file')
    sameTime(remote, entry, parseRfc3339(wanted) ?? 0n)
    const told = await remote.metadata(entry)
    assert.equal(parseRfc3339(told['mtime'] ?? ''), parseRfc3339(wanted))
    for (const [name, value] of Object.entries(told))
      assert.ok(items.includes(name) || (name === 'nonsense' && value === 'x'), `${name} is known or was given`)
  },

  'metadata keeps a creation time where it may be set': async ({ remote, put, file, at }) => {
    const btime = remote.facts(at('')).metadata?.find(({ name }) => name === 'btime')
    if (!remote.metadata || !btime || btime.readOnly) return
    await put('file', 'x', { metadata: { btime: '2001-02-03T04:05:06Z' }, modified: someTime })
    const entry = await file('file')
    sameTime(remote, entry, someTime)
    assert.equal((await remote.metadata(entry))['btime'], '2001-02-03T04:05:06Z')
  },

  'metadata that cannot be set is left aside': async ({ remote, put, file, at }) => {
    const items = remote.facts(at('')).metadata ?? []
    if (!remote.metadata || items.length === 0) return
    const bad = Object.fromEntries(items.map(({ name, readOnly }) => [name, readOnly ? 'x/y' : 'no time']))
    await put('file', 'x', { metadata: bad, modified: someTime })
    sameTime(remote, await file('file'), someTime)
  },

  'metadata may be found out when it is to be set': async ({ remote, put, file, at }) => {
    const items = remote.facts(at('')).metadata?.map(({ name }) => name) ?? []
    if (!remote.metadata || !items.includes('mtime')) return
    const asked: string[] = []
    const metadata: FindMetadata = async (as) => {
      asked.push(as)
      return { mtime: '2001-02-03T04:05:06Z' }
    }
    await put('dir/file', 'x', { metadata })
    sameTime(remote, await file('dir/file'), parseRfc3339('2001-02-03T04:05:06Z') ?? 0n)
    assert.ok(asked.length > 0)
    for (const path of asked) assert.equal(parent(path), at('dir'), 'it is asked for beside the file')
  },

  'what is written without its metadata is not written': async ({ remote, put, everything, at }) => {
    if (!remote.metadata || (remote.facts(at('')).metadata ?? []).length === 0) return
    await put('file', 'x')
    for (const name of ['file', 'other']) await assert.rejects(put(name, 'new', { metadata: refused }))
    assert.deepEqual(await everything(), { file: 'x' })
  },

  'metadata is set without the content': async ({ remote, put, file, text, at }) => {
    if (!remote.setMetadata || !remote.metadata) return
    await put('file', 'x')
    const before = await file('file')
    await remote.setMetadata(before, { mtime: '2001-02-03T04:05:06Z', nonsense: 'x' })
    sameTime(remote, await file('file'), parseRfc3339('2001-02-03T04:05:06Z') ?? 0n)
    await remote.setMetadata(await file('file'), { mtime: 'no time' })
    sameTime(remote, await file('file'), parseRfc3339('2001-02-03T04:05:06Z') ?? 0n)
    assert.equal(await text('file'), 'x')
    const missing = { ...before, path: at('missing') }
    await fails(remote.setMetadata(missing, { mtime: '2002-02-03T04:05:06Z' }), at('missing'), 'not-found')
  },

  'metadata of a directory is set and told where there is any': async ({ remote, stat, at }) => {
    if (!remote.setMetadata || !remote.metadata) return
    await remote.mkdir(at('dir'))
    const dir = { kind: 'dir', path: at('dir') } as const
    const setting = remote.setMetadata(dir, { mtime: '2001-02-03T04:05:06Z' })
    if (!remote.facts(at('dir')).dirMetadata) return await fails(setting, at('dir'), 'unsupported')
    await setting
    assert.equal((await stat('dir'))?.modified, parseRfc3339('2001-02-03T04:05:06Z'))
    const told = await remote.metadata(dir)
    assert.equal(parseRfc3339(told['mtime'] ?? ''), parseRfc3339('2001-02-03T04:05:06Z'))
  },

  'a name problem is known before the transfer, and only of names that are refused': async ({ remote, put, at }) => {
    if (!remote.nameProblem) return
    assert.equal(remote.nameProblem(at('plain name.txt')), undefined)
    const long = at(`${'x'.repeat(10_000)}/below`)
    const problem = remote.nameProblem(long)
    if (problem !== undefined) await assert.rejects(put(`${'x'.repeat(10_000)}/below`, 'x'))
  },

  'a link stays the same and can be taken away': async ({ remote, put, at }) => {
    if (!remote.links) return
    await put('file', 'x')
    const link = await remote.links.create(at('file'))
    assert.ok(URL.canParse(link), link)
    assert.equal(await remote.links.create(at('file')), link)
    await remote.links.remove(at('file'))
    await remote.links.remove(at('file'))
    await fails(remote.links.create(at('missing')), at('missing'), 'not-found', 'dir-not-found')
  },

  'cleanUp takes nothing that is there': async ({ remote, put, everything, at }) => {
    if (!remote.cleanUp) return
    await put('kept', 'x', { modified: someTime + second })
    await put('removed', 'y')
    await remote.remove(at('removed'))
    await remote.cleanUp()
    assert.deepEqual(await everything(), { kept: 'x' })
  },
}

function refused(): Promise<never> {
  return Promise.reject(new StorageError('io', 'there is none'))
}
