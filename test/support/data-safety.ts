import { expect, test } from 'vitest'
import type { FileEntry } from '../../src/core/entry.ts'
import { isStorageError } from '../../src/core/errors.ts'
import type { Remote } from '../../src/core/remote.ts'
import { sourceFromBytes } from '../../src/core/source.ts'
import { second } from '../../src/core/time.ts'
import type { JottacloudOptions } from '../../src/remotes/jottacloud/index.ts'
import type { EmulatedJottacloud } from './emulated-jottacloud.ts'
import { treeOf } from './recorded-run.ts'

const modified = 1_600_000_000n * second

type Act = (remote: Remote, at: (path: string) => string) => Promise<unknown>

/** What is done to the files a, b and dir/c, all of other content; `trashed` go to the trash before. */
const cases: Readonly<Record<string, { readonly trashed?: readonly string[]; readonly act: Act }>> = {
  'a copy onto a new name': { act: (remote, at) => remote.copy?.(at('a'), at('new/x')) ?? missing() },
  'a copy onto a live file': { act: (remote, at) => remote.copy?.(at('a'), at('b')) ?? missing() },
  'a copy onto a trashed file': { trashed: ['b'], act: (remote, at) => remote.copy?.(at('a'), at('b')) ?? missing() },
  'a copy into a trashed directory': {
    trashed: ['dir/'],
    act: (remote, at) => remote.copy?.(at('a'), at('dir/c')) ?? missing(),
  },
  'a copy onto the name of a trashed directory': {
    trashed: ['dir/'],
    act: (remote, at) => remote.copy?.(at('a'), at('dir')) ?? missing(),
  },
  'a move onto a new name': { act: (remote, at) => remote.move?.(at('a'), at('new/x')) ?? missing() },
  'a move onto a live file': { act: (remote, at) => remote.move?.(at('a'), at('b')) ?? missing() },
  'a move onto a trashed file': { trashed: ['b'], act: (remote, at) => remote.move?.(at('a'), at('b')) ?? missing() },
  'a move into a trashed directory': {
    trashed: ['dir/'],
    act: (remote, at) => remote.move?.(at('a'), at('dir/c')) ?? missing(),
  },
  'a move to other case': { act: (remote, at) => remote.move?.(at('a'), at('A')) ?? missing() },
  'a move to another normal form': {
    act: async (remote, at) => {
      await remote.move?.(at('a'), at('e\u0301'))
      return remote.move?.(at('e\u0301'), at('\u00e9'))
    },
  },
  'a move to what another alphabet folds to': {
    act: async (remote, at) => {
      await remote.move?.(at('a'), at('stra\u00dfe'))
      return remote.move?.(at('stra\u00dfe'), at('STRASSE'))
    },
  },
  'a directory moved to a new name': { act: (remote, at) => remote.moveDir?.(at('dir'), at('new/dir')) ?? missing() },
  'a directory moved onto a trashed one': {
    trashed: ['dir2/'],
    act: (remote, at) => remote.moveDir?.(at('dir'), at('dir2')) ?? missing(),
  },
  'a directory moved to other case': { act: (remote, at) => remote.moveDir?.(at('dir'), at('DIR')) ?? missing() },
  'a directory moved onto the name of a trashed file': {
    trashed: ['b'],
    act: (remote, at) => remote.moveDir?.(at('dir'), at('b')) ?? missing(),
  },
  'a write onto a live file': { act: (remote, at) => put(remote, at('b'), 'written') },
  'a write onto a trashed file': { trashed: ['b'], act: (remote, at) => put(remote, at('b'), 'written') },
  'a write into a trashed directory': { trashed: ['dir/'], act: (remote, at) => put(remote, at('dir/x'), 'written') },
  'a write onto the name of a trashed directory': {
    trashed: ['dir/'],
    act: (remote, at) => put(remote, at('dir'), 'written'),
  },
  'a directory made where a trashed one was': { trashed: ['dir/'], act: (remote, at) => remote.mkdir(at('dir')) },
  'a directory made where a trashed file was': { trashed: ['b'], act: (remote, at) => remote.mkdir(at('b')) },
  'a removal': { act: (remote, at) => remote.remove(at('b')) },
  'times set': {
    act: async (remote, at) => {
      const entry = await remote.stat(at('b'))
      if (entry) await remote.setTimes?.(entry, { modified: modified + 5n * second })
    },
  },
}

/** Of each case: it is done, or it is refused and everything is as it was; no content that was live and not replaced is gone. */
export function dataSafety(account: () => EmulatedJottacloud, options: Partial<JottacloudOptions>): void {
  let trials = 0
  for (const [what, { trashed = [], act }] of Object.entries(cases)) {
    test(what, async () => {
      const remote = account().remote(options)
      const dir = `safety ${++trials}`
      const at = (path: string): string => `${dir}/${path}`
      for (const path of ['a', 'b', 'dir/c', 'dir/d/e', 'dir2/f']) await put(remote, at(path), `${path} of ${dir}`)
      const soft = account().remote()
      for (const path of trashed) {
        if (path.endsWith('/')) await soft.purge?.(at(path.slice(0, -1)))
        else await soft.remove(at(path))
      }
      const before = await live(remote, dir)
      const error = await act(remote, at).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      const after = await live(account().remote(), dir)
      if (error !== undefined) {
        expect(isStorageError(error)).toBe(true)
        expect(after).toEqual(before)
        expect(error).toMatchObject({ details: { hint: expect.stringContaining('cleanup') } })
        return
      }
      const replaced = /onto a live file|removal/.test(what) ? 1 : 0
      const lost = Object.values(before).filter((content) => !Object.values(after).includes(content))
      expect(lost.length).toBeLessThanOrEqual(replaced)
      if (/^a (copy|write) onto|^a (move|copy) into/.test(what)) {
        expect(Object.values(after)).toContain(what.startsWith('a write') ? 'written' : `a of ${dir}`)
      }
      expect(Object.keys(after).filter((path) => path.includes('.fjord-'))).toEqual([])
    })
  }
}

async function live(remote: Remote, dir: string): Promise<Record<string, string>> {
  const tree = Object.entries(await treeOf(remote, dir))
  return Object.fromEntries(tree.filter(([path]) => !path.endsWith('/')))
}

function put(remote: Remote, path: string, content: string): Promise<FileEntry> {
  return remote.write(path, sourceFromBytes(Buffer.from(content), { modified }))
}

function missing(): never {
  throw new Error('the remote lacks what is to be tried')
}
