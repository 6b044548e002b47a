import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, quickHttp } from '../../../test/support/emulated-jottacloud.ts'
import { recordRun, treeOf } from '../../../test/support/recorded-run.ts'
import type { Entry, FileEntry } from '../../core/entry.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { parseRfc3339, timeFrom } from '../../core/time.ts'
import { withRetry } from '../../layers/retry.ts'

const modified = parseRfc3339('2020-07-01T12:00:00Z') ?? 0n
let account: EmulatedJottacloud
let remote: Remote
let made = 0
let dir = ''

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  remote = account.remote()
  dir = `trial ${++made}`
})
afterEach(async () => {
  account.emulator.faults.clear()
  await remote.close?.()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

const at = (path: string): string => `${dir}/${path}`

function put(path: string, content: string): Promise<FileEntry> {
  return remote.write(at(path), sourceFromBytes(Buffer.from(content), { modified }))
}

async function text(path: string, revision?: string): Promise<string> {
  await using reader = await remote.open(at(path), revision === undefined ? {} : { revision })
  return Buffer.from(await collect(reader.stream())).toString()
}

async function names(path = ''): Promise<readonly string[]> {
  const found: Entry[] = []
  for await (const page of remote.list(path === '' ? dir : at(path))) found.push(...page)
  return found.map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1)).toSorted()
}

function requests(operation?: string): number {
  return account.emulator.counters.of(operation).requests
}

/** Copies or moves, as the remote has both. */
async function place(verb: 'copy' | 'move', from: string, to: string): Promise<FileEntry> {
  const entry = await remote[verb]?.(at(from), at(to))
  return entry ?? expect.fail(`the remote has no ${verb}`)
}

describe('a copy', () => {
  test('costs two requests and sends nothing', async () => {
    await put('a', 'content')
    await remote.stat('') // the user is asked for once
    account.emulator.counters.reset()
    await place('copy', 'a', 'sub/b')
    expect(requests()).toBe(2)
    expect(requests('upload') + requests('download')).toBe(0)
    expect(await text('sub/b')).toBe('content')
  })

  test('onto a name in the trash comes alive, with the times of its original', async () => {
    const source = await put('a', 'content')
    await put('gone/b', 'what was there')
    await remote.remove(at('gone/b'))
    await remote.purge?.(at('gone'))
    await place('copy', 'a', 'gone/b')
    expect(await text('gone/b')).toBe('content')
    expect(await remote.stat(at('gone/b'))).toMatchObject({ modified, created: source.created })
  })

  test('of a refused kind is asked for in another way', async () => {
    await put('a', 'content')
    for (const operations of [['cphash'], ['cphash', 'allocate']]) {
      for (const operation of operations) account.emulator.faults.add({ operation, action: { status: 404 } })
      await place('copy', 'a', `b${operations.length}`)
      expect(await text(`b${operations.length}`)).toBe('content')
    }
  })

  test('that the service refuses in every way is left to whoever can send the bytes', async () => {
    await put('a', 'content')
    for (const operation of ['cphash', 'allocate', 'cp']) {
      account.emulator.faults.add({ operation, action: { status: 409 }, times: Infinity })
    }
    await expect(remote.copy?.(at('a'), at('b'))).rejects.toMatchObject({ code: 'unsupported' })
    expect(await names()).toEqual(['a'])
  })
})

describe('a move', () => {
  test('keeps the revisions', async () => {
    await put('a', 'first')
    await put('a', 'second')
    await place('move', 'a', 'sub/b')
    expect(await text('sub/b')).toBe('second')
    expect(await text('sub/b', '1')).toBe('first')
    expect(await remote.stat(at('a'))).toBeUndefined()
  })

  test.each(['plus + sign', '%41 percent', 'hash # sign', 'what? a:b*c', 'æ ø å', "semi; 'quotes' &=@$,"])(
    'of %j works, in the middle of a path too',
    async (name) => {
      await put(`from ${name}/${name}`, 'content')
      await place('move', `from ${name}/${name}`, `to ${name}/x ${name}`)
      expect(await text(`to ${name}/x ${name}`)).toBe('content')
      await remote.moveDir?.(at(`to ${name}`), at(`moved ${name}`))
      expect(await text(`moved ${name}/x ${name}`)).toBe('content')
      expect(await names()).toEqual([`from ${name}`, `moved ${name}`])
    },
  )

  test('onto a live file makes a revision of it, so that nothing is lost', async () => {
    await put('a', 'new')
    await put('b', 'old')
    await place('move', 'a', 'b')
    expect(await text('b')).toBe('new')
    expect(await text('b', '1')).toBe('old')
    expect(await names()).toEqual(['b'])
  })

  test('onto a name in the trash keeps what is in the trash as a revision', async () => {
    await put('a', 'new')
    await put('b', 'old')
    await remote.remove(at('b'))
    await place('move', 'a', 'b')
    expect(await text('b')).toBe('new')
    expect(await text('b', '1')).toBe('old')
    expect(await names()).toEqual(['b'])
  })

  test('onto a live file leaves the source where it cannot be done', async () => {
    await put('a', 'new')
    await put('b', 'old')
    for (const operation of ['cphash', 'allocate']) {
      account.emulator.faults.add({ operation, action: { status: 409 }, times: Infinity })
    }
    await expect(remote.move?.(at('a'), at('b'))).rejects.toMatchObject({ code: 'unsupported' })
    expect([await text('a'), await text('b')]).toEqual(['new', 'old'])
  })

  test('into a directory in the trash brings that back', async () => {
    await put('a', 'content')
    await put('gone/other', 'x')
    await remote.purge?.(at('gone'))
    await place('move', 'a', 'gone/a')
    expect(await names('gone')).toEqual(['a'])
  })

  test('whose answer is lost is found done by the retries', async () => {
    await put('a', 'content')
    const retrying = withRetry(remote, { log: recordRun().ctx.log, attempts: 3, sleep: () => Promise.resolve() })
    account.emulator.faults.add({ operation: 'mv', action: { effectThenReset: true } })
    expect(await retrying.move?.(at('a'), at('b'))).toMatchObject({ path: at('b'), size: 7 })
    account.emulator.faults.add({ operation: 'mvDir', action: { effectThenReset: true } })
    await put('d/x', '1')
    await retrying.moveDir?.(at('d'), at('e'))
    expect(await names()).toEqual(['b', 'e'])
  })

  test('of case only goes by way of a temporary name where the service refuses', async () => {
    await put('name', 'content')
    await put('folder/x', '1')
    account.emulator.faults.add({ operation: 'mv', action: { status: 409 } })
    account.emulator.faults.add({ operation: 'mvDir', action: { status: 409 } })
    await place('move', 'name', 'NAME')
    await remote.moveDir?.(at('folder'), at('Folder'))
    expect(await names()).toEqual(['Folder', 'NAME'])
    expect(await text('NAME')).toBe('content')
  })

  test.each(['file', 'dir'])(
    'of case only loses nothing to a %s that another program puts there meanwhile',
    async (kind) => {
      const [verb, path] = kind === 'file' ? ['mv', 'name'] : ['mvDir', 'name/x']
      await put(path, 'content')
      account.emulator.faults.add({ operation: verb, action: { status: 409 } })
      account.emulator.faults.add({ operation: verb, skip: 1, times: Infinity, action: { status: 503 } })
      const mover = account.remote({ http: { ...quickHttp, attempts: 1000 } })
      const moving = kind === 'file' ? mover.move?.(at('name'), at('NAME')) : mover.moveDir?.(at('name'), at('NAME'))
      const ended = moving?.then(
        () => undefined,
        (error: unknown) => error,
      )
      const other = account.remote()
      while (await other.stat(at('name'))) await new Promise((resolve) => setTimeout(resolve, 5))
      await other.write(at(path.replace('name', 'NAME')), sourceFromBytes(Buffer.from('other')))
      account.emulator.faults.clear()
      expect(await ended).toMatchObject({ code: 'not-empty' })
      expect(
        Object.values(await treeOf(other, dir))
          .filter(Boolean)
          .toSorted(),
      ).toEqual(['content', 'other'])
    },
  )

  test('of case only comes back where it broke off in the middle', async () => {
    await put('name', 'content')
    account.emulator.faults.add({ operation: 'mv', action: { status: 409 } })
    account.emulator.faults.add({ operation: 'mv', skip: 1, times: Infinity, action: { reset: 'before' } })
    await expect(remote.move?.(at('name'), at('NAME'))).rejects.toMatchObject({ code: 'network' })
    account.emulator.faults.clear()
    await put('other', 'x')
    expect(await names()).toEqual(['NAME', 'other'])
    expect(await text('NAME')).toBe('content')
  })
})

describe('a directory', () => {
  test('moves onto one in the trash without losing what is in the trash', async () => {
    await put('to/kept', 'in the trash')
    await put('to/sub/deep', 'in the trash too')
    await remote.purge?.(at('to'))
    await put('from/kept', 'new')
    await put('from/sub/other', 'new too')
    await remote.moveDir?.(at('from'), at('to'))
    expect(await names()).toEqual(['to'])
    expect([await names('to'), await names('to/sub')]).toEqual([['kept', 'sub'], ['other']])
    expect(await text('to/kept')).toBe('new')
    expect(await text('to/kept', '1')).toBe('in the trash')
    const trash = account.remote({ trashedOnly: true })
    expect(await trash.stat(at('to/sub/deep'))).toMatchObject({ kind: 'file' })
  })

  test('is asked for without a slash where one is not understood', async () => {
    await put('from/a', '1')
    account.emulator.faults.add({ operation: 'mvDir', action: { status: 404 } })
    await remote.moveDir?.(at('from'), at('to'))
    expect(await names('to')).toEqual(['a'])
  })
})

test('times of a source without any are those of now', async () => {
  const now = account.remote({ env: { now: () => 5_000_000 } })
  expect(await now.write(at('x'), sourceFromBytes(Buffer.from('1')))).toMatchObject({ modified: timeFrom(5_000_000) })
})
