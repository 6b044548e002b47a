import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { all, treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'

let account: EmulatedJottacloud
let remote: Remote

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(async () => {
  remote = account.remote()
  for (const page of await all(remote.list(''))) for (const { path } of page) await remote.purge?.(path)
  await remote.cleanUp?.()
})
afterEach(() => account.emulator.faults.clear())
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

async function put(path: string, content: string): Promise<void> {
  await remote.write(path, sourceFromBytes(Buffer.from(content)))
}

async function text(from: Remote, path: string): Promise<string> {
  await using reader = await from.open(path)
  return Buffer.from(await collect(reader.stream())).toString()
}

function view(mountpoint: string): Remote {
  return account.remote({ mountpoint })
}

/** a/live and a/gone/live are there; a/trashed, a/gone/trashed and all of b are in the trash. */
async function someTrash(): Promise<void> {
  for (const path of ['a/live', 'a/trashed', 'a/gone/live', 'a/gone/trashed', 'b/c/deep']) await put(path, path)
  await remote.remove('a/trashed')
  await remote.remove('a/gone/trashed')
  await remote.purge?.('b')
}

const inTrash = {
  'a/': '',
  'a/trashed': 'a/trashed',
  'a/gone/': '',
  'a/gone/trashed': 'a/gone/trashed',
  'b/': '',
  'b/c/': '',
  'b/c/deep': 'b/c/deep',
}

describe('trashed_only', () => {
  test('shows what is in the trash where it was, and nothing else', async () => {
    await someTrash()
    const trash = account.remote({ trashedOnly: true })
    expect(await treeOf(trash)).toEqual(inTrash)
    expect(await trash.stat('a/trashed')).toMatchObject({ kind: 'file', size: 9 })
    expect(await trash.stat('a/live')).toBeUndefined()
    expect(await trash.stat('b/c')).toMatchObject({ kind: 'dir' })
  })

  test('refuses every change, removals too', async () => {
    await someTrash()
    for (const hardDelete of [false, true]) {
      const trash = account.remote({ trashedOnly: true, hardDelete })
      expect(trash.facts('').readOnly).toMatch(/trashed_only/)
      const changes = [
        trash.write('a/new', sourceFromBytes(Buffer.from('x'))),
        trash.remove('a/trashed'),
        trash.remove('a/live'),
        trash.mkdir('new'),
        trash.rmdir('b'),
        trash.purge?.('b'),
      ]
      for (const change of changes) await expect(change).rejects.toMatchObject({ code: 'read-only' })
      for (const name of ['copy', 'move', 'moveDir', 'setTimes']) expect(Object.keys(trash)).not.toContain(name)
      expect(await treeOf(trash)).toEqual(inTrash)
    }
    const asked = account.remote({ trashedOnly: true }).remove('a/trashed', { requested: true })
    await expect(asked).rejects.toMatchObject({ code: 'read-only' })
  })

  test('removes for good what somebody asks for with hard_delete, unless it is no longer in the trash', async () => {
    await someTrash()
    const trash = account.remote({ trashedOnly: true, hardDelete: true })
    await trash.remove('a/trashed', { requested: true })
    await trash.remove('b/c/deep', { requested: true })
    await put('a/gone/trashed', 'back')
    const late = trash.remove('a/gone/trashed', { requested: true })
    await expect(late).rejects.toMatchObject({ code: 'changed' })
    expect(await treeOf(trash)).toEqual({ 'a/': '', 'a/gone/': '', 'b/': '', 'b/c/': '' })
    expect(await treeOf(remote)).toMatchObject({
      'a/live': 'a/live',
      'a/gone/live': 'a/gone/live',
      'a/gone/trashed': 'back',
    })
  })

  test('says of content that the service no longer has that it is gone', async () => {
    await using other = await emulatedJottacloud({ dialect: { modeBinTrashed: 404 } })
    const there = other.remote()
    await there.write('x', sourceFromBytes(Buffer.from('x')))
    await there.remove('x')
    const read = text(other.remote({ trashedOnly: true }), 'x')
    await expect(read).rejects.toMatchObject({ code: 'gone', details: { path: 'x' } })
  })
})

test('cleanUp empties the trash and nothing else', async () => {
  await someTrash()
  await remote.cleanUp?.()
  expect(await treeOf(remote)).toEqual({ 'a/': '', 'a/live': 'a/live', 'a/gone/': '', 'a/gone/live': 'a/gone/live' })
  expect(await treeOf(account.remote({ trashedOnly: true }))).toEqual({ 'a/': '', 'a/gone/': '' })
  account.emulator.faults.add({ operation: 'purgeTrash', action: { effectThenReset: true } })
  await remote.cleanUp?.()
})

describe('the mountpoint', () => {
  test('Trash is listed and read, with what has the same name told apart', async () => {
    await someTrash()
    await put('x/trashed', 'another')
    await remote.remove('x/trashed')
    const trash = await treeOf(view('Trash'))
    expect(Object.keys(trash).toSorted()).toEqual(
      ['b/', 'b/c/', 'b/c/deep', 'trashed', 'trashed (2)', 'trashed (3)'].toSorted(),
    )
    expect(trash['b/c/deep']).toBe('b/c/deep')
    const same = new Set([trash['trashed'], trash['trashed (2)'], trash['trashed (3)']])
    expect(same).toEqual(new Set(['a/gone/trashed', 'a/trashed', 'another']))
    expect(await text(view('trash'), 'b/c/deep')).toBe('b/c/deep')
    expect(await view('Trash').stat('nothing')).toBeUndefined()
    await expect(view('Trash').open('nothing')).rejects.toMatchObject({ code: 'not-found' })
    await expect(all(view('Trash').list('nothing'))).rejects.toMatchObject({ code: 'dir-not-found' })
  })

  test('Latest, Links and Shared are listed and read', async () => {
    await put('dir/file', 'content')
    await remote.links?.create('dir/file')
    expect(await treeOf(view('Links'))).toEqual({ file: 'content' })
    expect(await treeOf(view('Latest'))).toEqual({ file: 'content' })
    expect(await treeOf(view('Shared'))).toEqual({})
  })

  test.each(['Latest', 'Links', 'Shared', 'Trash'])('%s refuses every change by its name', async (mountpoint) => {
    await someTrash()
    const place = view(mountpoint)
    const changes = [
      place.write('new', sourceFromBytes(Buffer.from('x'))),
      place.remove('trashed', { requested: true }),
      place.mkdir('new'),
      place.rmdir('b'),
      place.purge?.('b'),
    ]
    for (const change of changes) {
      await expect(change).rejects.toMatchObject({ code: 'read-only', message: expect.stringContaining(mountpoint) })
    }
    expect(place.facts('').readOnly).toContain(mountpoint)
  })
})

describe('a public link', () => {
  test('serves the content to anybody until it is removed', async () => {
    await put('dir/file +%', 'content')
    const link = (await remote.links?.create('dir/file +%')) ?? ''
    expect(link).toMatch(/\/opin\/io\/downloadPublic\/[^/]+\/[0-9a-f]{32}$/)
    expect(await (await fetch(link)).text()).toBe('content')
    expect(await remote.links?.create('dir/file +%')).toBe(link)
    expect(await remote.links?.create('dir')).not.toBe(link)
    await remote.links?.remove('dir/file +%')
    await remote.links?.remove('dir/file +%')
    expect((await fetch(link)).status).toBe(404)
  })

  test('of what is not there, or in the trash, or with an expiry, is refused', async () => {
    await put('file', 'content')
    const expiring = remote.links?.create('file', { expire: 1000 })
    await expect(expiring).rejects.toMatchObject({ code: 'unsupported', details: { path: 'file' } })
    await remote.remove('file')
    await expect(remote.links?.create('file')).rejects.toMatchObject({ code: 'not-found' })
    await expect(remote.links?.create('nothing')).rejects.toMatchObject({ code: 'not-found' })
    await expect(remote.links?.remove('nothing')).rejects.toMatchObject({ code: 'not-found' })
  })
})
