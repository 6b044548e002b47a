import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { all, treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second } from '../../core/time.ts'

/** Names that other programs have stored, which ours would never make. */
const names = ['50%.txt', 'a:b', 'say "what?" <x>|y*', 'del\u007fete', 'cafe\u0301: 5%', '‛‛a‛']

for (const namesOfOthers of ['taken', 'refused'] as const) {
  describe(`a name that is stored another way, where a write to it is ${namesOfOthers},`, () => {
    let account: EmulatedJottacloud
    let remote: Remote
    let made = 0
    let dir = ''
    beforeAll(async () => {
      account = await emulatedJottacloud({ dialect: { namesOfOthers } })
    })
    beforeEach(() => {
      remote = account.remote()
      dir = `trial ${++made}`
    })
    afterAll(async () => {
      await account[Symbol.asyncDispose]()
    })

    const at = (path: string): string => `${dir}/${path}`

    function seed(path: string, content = 'theirs'): void {
      account.emulator.seed([{ path: `Archive/${at(path)}`, content, modified: 1_500_000_000_000, asStored: true }])
    }

    async function text(path: string): Promise<string> {
      await using reader = await remote.open(at(path))
      return Buffer.from(await collect(reader.stream())).toString()
    }

    async function put(path: string, content: string): Promise<void> {
      await remote.write(at(path), sourceFromBytes(Buffer.from(content)))
    }

    /** The live files as stored, with their contents. */
    async function stored(): Promise<Record<string, string>> {
      const tree = Object.entries(await treeOf(account.remote({ encoding: [] }), dir))
      const files = tree.filter(([path]) => !path.endsWith('/'))
      return Object.fromEntries(files.map(([path, content]) => [path.slice(dir.length + 1), content]))
    }

    /** What is shown of the trial, by levels and, to another remote, in one listing. */
    async function shown(): Promise<readonly string[]> {
      const recursive = (await all(account.remote().listAll?.(dir) ?? expect.fail())).flat().map(({ path }) => path)
      const levels = Object.keys(await treeOf(remote, dir)).map((path) => path.replace(/\/$/, ''))
      expect(recursive.toSorted()).toEqual(levels.toSorted())
      return levels.map((path) => path.slice(dir.length + 1)).toSorted()
    }

    test.each(names)('%j, is listed, read, copied, moved and removed under it', async (name) => {
      seed(name)
      const [path = ''] = await shown()
      expect(await text(path)).toBe('theirs')
      await remote.copy?.(at(path), at('copied'))
      await remote.move?.(at(path), at('sub/moved'))
      expect(await stored()).toEqual({ copied: 'theirs', 'sub/moved': 'theirs' })
      seed(name)
      await treeOf(remote, dir)
      await remote.remove(at(path))
      expect(await stored()).toEqual({ copied: 'theirs', 'sub/moved': 'theirs' })
    })

    test.each(names)('%j, is replaced and gets times, and no second one beside it', async (name) => {
      seed(name)
      const [path = ''] = await shown()
      const entry = (await remote.stat(at(path))) ?? expect.fail()
      await remote.setTimes?.(entry, { modified: 1_400_000_000n * second })
      expect(await remote.stat(at(path))).toMatchObject({ modified: 1_400_000_000n * second })
      expect(await stored()).toEqual({ [Object.keys(await stored())[0] ?? '']: 'theirs' })
      await put(path, 'replaced')
      expect(Object.values(await stored())).toEqual(['replaced'])
      expect(await shown()).toEqual([path])
      const without = account.remote({ noVersions: true })
      await without.write(at(path), sourceFromBytes(Buffer.from('again')))
      expect(Object.values(await stored())).toEqual(['again'])
      expect(await shown()).toEqual([path])
    })

    test.each(names)('%j, changes its case', async (name) => {
      seed(`${name}/${name}`)
      const [dirPath = '', path = ''] = await shown()
      await remote.move?.(at(path), at(path.slice(0, -dirPath.length) + dirPath.toUpperCase()))
      await remote.moveDir?.(at(dirPath), at(dirPath.toUpperCase()))
      expect(await shown()).toEqual([dirPath.toUpperCase(), `${dirPath}/${dirPath}`.toUpperCase()])
      expect(Object.values(await stored())).toEqual(['theirs'])
    })

    test.each(names)('%j, of a directory, lets what is in it be changed', async (name) => {
      seed(`${name}/${name}`)
      seed(`${name}/kept`, 'kept')
      const path = (await shown())[0] ?? ''
      await Promise.all([1, 2, 3].map((n) => put(`${path}/same ${n}`, 'same')))
      for (const n of [1, 2, 3]) await remote.remove(at(`${path}/same ${n}`))
      await account.remote().write(at(`${path}/new`), sourceFromBytes(Buffer.from('new')))
      remote = account.remote()
      await remote.mkdir(at(`${path}/made`))
      await put(`${path}/${path}`, 'replaced')
      expect(await shown()).toEqual([path, `${path}/${path}`, `${path}/kept`, `${path}/made`, `${path}/new`].toSorted())
      expect(Object.values(await stored()).toSorted()).toEqual(['kept', 'new', 'replaced'])
      await put('plain', 'plain')
      await remote.move?.(at('plain'), at(`${path}/moved in`))
      expect(await text(`${path}/moved in`)).toBe('plain')
      await remote.moveDir?.(at(path), at('moved'))
      expect(Object.values(await stored()).toSorted()).toEqual(['kept', 'new', 'plain', 'replaced'])
      expect((await shown())[0]).toBe('moved')
      await remote.purge?.(at('moved'))
      expect(await stored()).toEqual({})
    })
  })
}

test('a name that the service lists and then refuses to be asked for is an error that names it, and stays', async () => {
  await using account = await emulatedJottacloud()
  account.emulator.seed([{ path: 'Archive/100%41', content: 'theirs', asStored: true }])
  const remote = account.remote()
  expect((await all(remote.list(''))).flat()).toMatchObject([{ path: '100%41' }])
  const refused = { code: 'invalid-name', details: { path: '100%41' } }
  await expect(remote.open('100%41')).rejects.toMatchObject(refused)
  await expect(remote.remove('100%41')).rejects.toMatchObject(refused)
  await expect(remote.move?.('100%41', 'other')).rejects.toMatchObject(refused)
  await expect(remote.write('100%41', sourceFromBytes(Buffer.from('ours')))).rejects.toMatchObject(refused)
  expect((await all(remote.list(''))).flat().map(({ path }) => path)).toEqual(['100%41'])
})
