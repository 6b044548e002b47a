import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { all, treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { defaultEncoding } from './names.ts'

let account: EmulatedJottacloud
let remote: Remote
/** Stores nothing in another form, as another program might: what it writes is odd to the others. */
let other: Remote
let made = 0
let dir = ''

// '#' and ';' stand for what the service stores although we would never: the emulator takes no ':' or '*' at all
const encoding = [...defaultEncoding, 'Hash', 'Semicolon'] as const

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  remote = account.remote({ encoding })
  other = account.remote({ encoding: [] })
  dir = `trial ${++made}`
})
afterEach(() => account.emulator.faults.clear())
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

const at = (path: string): string => `${dir}/${path}`

async function put(to: Remote, path: string, content: string): Promise<void> {
  await to.write(at(path), sourceFromBytes(Buffer.from(content)))
}

async function text(path: string): Promise<string> {
  await using reader = await remote.open(at(path))
  return Buffer.from(await collect(reader.stream())).toString()
}

/** What is stored, below the trial. */
async function stored(): Promise<Record<string, string>> {
  const inside = Object.entries(await treeOf(account.remote({ encoding: [] }), dir))
  return Object.fromEntries(inside.map(([path, content]) => [path.slice(dir.length + 1), content]))
}

/** What is shown, by levels and in one listing. */
async function shown(from = dir): Promise<readonly string[]> {
  const levels = Object.keys(await treeOf(remote, from)).map((path) => path.replace(/\/$/, ''))
  const fresh = account.remote({ encoding })
  const recursive = (await all(fresh.listAll?.(from) ?? expect.fail())).flat().map((entry) => entry.path)
  expect(recursive.toSorted()).toEqual(levels.toSorted())
  return levels.map((path) => path.slice(from.length + 1)).toSorted()
}

function requests(operation?: string): number {
  return account.emulator.counters.of(operation).requests
}

describe('a name that another program has stored its own way', () => {
  test.each(['50%.txt', 'a#b', 'x;y', '‛‛a'])(
    '%j is listed, read, replaced, moved and deleted under it',
    async (name) => {
      await put(other, name, 'theirs')
      const path = (await shown())[0] ?? ''
      expect(await text(path)).toBe('theirs')
      await put(remote, path, 'replaced')
      expect(await stored()).toEqual({ [name]: 'replaced' })
      await remote.copy?.(at(path), at('copied'))
      await remote.move?.(at(path), at('moved'))
      expect(await stored()).toEqual({ copied: 'replaced', moved: 'replaced' })
      await put(other, name, 'again')
      await treeOf(remote, dir)
      await remote.remove(at(path))
      expect(Object.keys(await stored()).toSorted()).toEqual(['copied', 'moved'])
    },
  )

  test('is found without a listing of ours', async () => {
    await put(other, 'a#b/c;d/50%.txt', 'theirs')
    expect(await text('a#b/c;d/50%.txt')).toBe('theirs')
    const fresh = account.remote({ encoding })
    await fresh.write(at('a#b/c;d/50%.txt'), sourceFromBytes(Buffer.from('replaced')))
    expect(await stored()).toEqual({ 'a#b/': '', 'a#b/c;d/': '', 'a#b/c;d/50%.txt': 'replaced' })
  })

  test('is shown apart from one of ours that means the same', async () => {
    await put(other, 'a#b', 'theirs')
    const fresh = account.remote({ encoding, env: {} })
    await other.write(at('a＃b'), sourceFromBytes(Buffer.from('ours')))
    expect(await shown()).toEqual(['a#b', '‛a#b'])
    expect([await text('a#b'), await text('‛a#b')]).toEqual(['ours', 'theirs'])
    await treeOf(fresh, dir)
    await fresh.remove(at('‛a#b'))
    expect(await stored()).toEqual({ 'a＃b': 'ours' })
  })

  test('may be that of a directory, which moves with all below', async () => {
    await put(other, 'd#/x;y', '1')
    await put(other, 'd#/sub/50%', '2')
    expect(await shown()).toEqual(['d#', 'd#/sub', 'd#/sub/50%', 'd#/x;y'])
    await remote.moveDir?.(at('d#'), at('e#'))
    expect(await text('e#/x;y')).toBe('1')
    expect(await text('e#/sub/50%')).toBe('2')
    expect(Object.keys(await stored()).toSorted()).toEqual(['e＃/', 'e＃/sub/', 'e＃/sub/50%', 'e＃/x;y'])
  })

  test('is changed to ours where the service takes it for nothing new', async () => {
    await put(other, 'a#b', 'theirs')
    await treeOf(remote, dir)
    account.emulator.faults.add({ operation: 'allocate', action: { status: 400, body: 'Bad request' } })
    await put(remote, 'a#b', 'replaced')
    expect(await stored()).toEqual({ 'a＃b': 'replaced' })
  })

  test('that is gone meanwhile is looked for under ours', async () => {
    await put(other, 'a#b', 'theirs')
    await treeOf(remote, dir)
    await other.remove(at('a#b'))
    expect(await remote.stat(at('a#b'))).toBeUndefined()
    await put(remote, 'a#b', 'ours')
    expect(await stored()).toEqual({ 'a＃b': 'ours' })
  })

  test('costs nothing where there is none', async () => {
    await put(remote, 'plain', '1')
    await put(remote, 'odd #1', '1')
    await treeOf(remote, dir)
    account.emulator.counters.reset()
    await remote.stat(at('odd #1'))
    await remote.stat(at('odd #2'))
    await put(remote, 'odd #3', String(Math.random()))
    expect(requests()).toBe(4)
  })
})
