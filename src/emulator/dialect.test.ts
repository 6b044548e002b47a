import { afterEach, describe, expect, test } from 'vitest'
import type { Dialect } from './dialect.ts'
import { md5, parse, signIn, type Answer, type SignedIn } from './signed-in.ts'

let account: SignedIn

afterEach(() => account.emulator.close())

async function speaking(dialect: Partial<Dialect>): Promise<void> {
  account = await signIn({ dialect })
}

function seed(files: Record<string, string>): void {
  account.emulator.seed(
    Object.entries(files).map(([path, content]) => ({ path, content, modified: 1_500_000_000_000 })),
  )
}

function to(path: string, command: string, target: string, headers = {}): Promise<Answer> {
  return account.post(`/Jotta/${path}?${command}=${account.target(`Jotta/${target}`)}`, headers)
}

function cphash(path: string, content: string, headers = {}): Promise<Answer> {
  const described = { JMd5: md5(content), JSize: String(Buffer.byteLength(content)) }
  return account.post(`/Jotta/${path}?cphash=true`, { ...described, ...headers })
}

async function isTrashed(path: string): Promise<boolean> {
  return (await account.get(`/Jotta/${path}`)).text.includes(' deleted="')
}

async function number(path: string): Promise<string | undefined> {
  return /<currentRevision>\s*<number>(\d+)/.exec((await account.get(`/Jotta/${path}`)).text)?.[1]
}

describe('copies and moves onto what is there', () => {
  test('copyOntoTrashed', async () => {
    for (const copyOntoTrashed of ['stays-trashed', 'revives', 'fails'] as const) {
      await speaking({ copyOntoTrashed })
      seed({ 'Archive/a': 'a', 'Archive/b': 'b' })
      await account.post('/Jotta/Archive/b?dl=true')
      expect((await to('Archive/a', 'cp', 'Archive/b')).status).toBe(copyOntoTrashed === 'fails' ? 409 : 200)
      expect(await isTrashed('Archive/b')).toBe(copyOntoTrashed !== 'revives')
      await account.emulator.close()
    }
  })

  test('copyOntoLive and moveConflictStatus', async () => {
    await speaking({ copyOntoLive: 'conflict', moveConflictStatus: 400 })
    seed({ 'Archive/a': 'a', 'Archive/b': 'b' })
    const refused = await to('Archive/a', 'cp', 'Archive/b')
    expect([refused.status, refused.text.includes('UniqueFileException')]).toEqual([400, true])
    expect((await to('Archive/a', 'mv', 'Archive/b')).status).toBe(400)
  })

  test('moveOntoTrashed', async () => {
    for (const moveOntoTrashed of ['replaces', 'stays-trashed', 'fails'] as const) {
      await speaking({ moveOntoTrashed })
      seed({ 'Archive/a': 'a', 'Archive/b': 'b' })
      await account.post('/Jotta/Archive/b?dl=true')
      expect((await to('Archive/a', 'mv', 'Archive/b')).status).toBe(moveOntoTrashed === 'fails' ? 409 : 200)
      const expected = { replaces: ['b'], 'stays-trashed': ['(b)'], fails: ['a', '(b)'] }[moveOntoTrashed]
      expect(await account.names('/Jotta/Archive')).toEqual(expected)
      await account.emulator.close()
    }
  })

  test('moveOntoLive, for files and folders', async () => {
    await speaking({ moveOntoLive: 'replaces' })
    seed({ 'Archive/a': 'a', 'Archive/b': 'b', 'Archive/one/x': 'x', 'Archive/two/y': 'y' })
    expect((await to('Archive/a', 'mv', 'Archive/b')).status).toBe(200)
    expect((await account.read('/Jotta/Archive/b')).text).toBe('a')
    expect((await to('Archive/one/', 'mvDir', 'Archive/two')).status).toBe(200)
    expect(await account.names('/Jotta/Archive/two')).toEqual(['x'])
    expect((await account.get('')).text).toContain('<usage>2</usage>')
    seed({ 'Archive/two/sub/z': 'z' })
    expect((await to('Archive/two/sub', 'mvDir', 'Archive/two')).status).toBe(409)
  })

  test('moveFolderOntoTrashed', async () => {
    for (const moveFolderOntoTrashed of ['replaces', 'merges', 'fails'] as const) {
      await speaking({ moveFolderOntoTrashed })
      seed({ 'Archive/one/x': 'x', 'Sync/two/x': 'old', 'Sync/two/y': 'why', 'Sync/two/sub/z': 'zed' })
      await account.post('/Jotta/Sync/two?dlDir=true')
      expect((await to('Archive/one', 'mvDir', 'Sync/two')).status).toBe(moveFolderOntoTrashed === 'fails' ? 409 : 200)
      const expected = { replaces: ['x'], merges: ['(sub)', 'x', '(y)'], fails: ['(sub)', '(x)', '(y)'] }
      expect(await account.names('/Jotta/Sync/two')).toEqual(expected[moveFolderOntoTrashed])
      const sizes = { replaces: 1, merges: 7, fails: 9 }
      expect(await account.document('/Jotta/Sync')).toContain(`<size>${sizes[moveFolderOntoTrashed]}</size>`)
      await account.emulator.close()
    }
  })

  test('moveFolderSlash and movedRevisions', async () => {
    await speaking({ moveFolderSlash: 'required', movedRevisions: 'only-current' })
    seed({ 'Archive/dir/a': 'one' })
    seed({ 'Archive/dir/a': 'two' })
    expect((await to('Archive/dir', 'mvDir', 'Archive/new')).status).toBe(404)
    expect((await to('Archive/dir/', 'mvDir', 'Archive/new')).status).toBe(200)
    expect((await to('Archive/new/a', 'mv', 'Archive/a')).text).toContain('<number>2</number>')
    expect((await account.get('/Jotta/Archive/a')).text).not.toContain('<revisions>')
    expect((await account.allocate('Archive/b', 'one')).state).toBe('INCOMPLETE')
  })
})

describe('times', () => {
  test('yearOneTimes', async () => {
    const yearOne = { JModified: '0001-01-01-T00:00:00Z', JCreated: '0001-01-01-T00:00:00Z' }
    const expected = { stored: '0001-01-01-T00:00:00Z', kept: '2017-07-14-T02:40:00Z', now: '2026-03-04-T05:06:07Z' }
    for (const yearOneTimes of ['stored', 'kept', 'now'] as const) {
      account = await signIn({ dialect: { yearOneTimes }, now: () => Date.UTC(2026, 2, 4, 5, 6, 7) })
      seed({ 'Archive/a': 'a' })
      expect((await cphash('Archive/a', 'a', yearOne)).text).toContain(`<modified>${expected[yearOneTimes]}</modified>`)
      await account.emulator.close()
    }
  })

  test('oddTimes', async () => {
    await speaking({ oddTimes: 'clamped' })
    seed({ 'Archive/a': 'a' })
    const { text } = await cphash('Archive/a', 'a', {
      JModified: '2100-01-01T00:00:00Z',
      JCreated: '1900-01-01T00:00:00Z',
    })
    expect(text).toContain('<modified>2038-01-19-T03:14:07Z</modified>')
    expect(text).toContain('<created>1970-01-01-T00:00:00Z</created>')
  })

  test('folderTimes', async () => {
    await speaking({ folderTimes: 'present' })
    await account.post('/Jotta/Archive/dir?mkDir=true')
    expect(await account.document('/Jotta/Archive')).toMatch(/<folder name="dir"><created>.+<\/updated><\/folder>/)
    expect(await account.document('/Jotta/Archive/dir')).toMatch(/<\/abspath><created>[^<]+<\/created><modified>2/)
  })
})

describe('uploads', () => {
  test('statuses of conflicts, wrong checksums and a full account', async () => {
    const dialect = { rejectConflictStatus: 412, checksumMismatchStatus: 400, corruptRetryState: 'INCOMPLETE' } as const
    account = await signIn({ dialect: { ...dialect, overQuotaStatus: 403 }, quota: 10 })
    seed({ 'Archive/a': 'a' })
    const body = { path: 'Archive/a', bytes: 1, md5: md5('b'), conflict_handler: 'REJECT_CONFLICTS' }
    expect((await account.api('files/v1/allocate', body)).status).toBe(412)
    expect((await account.send(await account.allocate('Archive/b', 'bee'), 'bad')).status).toBe(400)
    expect((await account.allocate('Archive/b', 'bee')).state).toBe('INCOMPLETE')
    expect((await account.api('files/v1/allocate', { path: 'Archive/c', bytes: 99, md5: md5('c') })).status).toBe(403)
  })

  test('allocatePath', async () => {
    await speaking({ allocatePath: 'stored' })
    seed({ 'Archive/Dir/a': 'a' })
    const body = { path: 'archive/dir/b', bytes: 1, md5: md5('b') }
    const allocation = parse((await account.api('files/v1/allocate', body)).text)
    expect(allocation['path']).toBe('/jfs/Jotta/Archive/Dir/b')
    const answer = await account.send({ state: '', upload_url: String(allocation['upload_url']), resume_pos: 0 }, 'b')
    expect(parse(answer.text)['path']).toBe('/jfs/Jotta/Archive/Dir/b')
  })

  test('emptyContent', async () => {
    await speaking({ emptyContent: 'known' })
    expect((await account.allocate('Archive/empty', '')).state).toBe('COMPLETED')
    expect(await account.read('/Jotta/Archive/empty')).toMatchObject({ status: 200, text: '' })
    expect((await cphash('Archive/other', '')).status).toBe(200)
  })

  test('uploadUrlReuse', async () => {
    await speaking({ uploadUrlReuse: 'once' })
    const allocation = await account.allocate('Archive/a', 'hello')
    expect((await account.send(allocation, 'he', { Range: 'bytes=0-1' })).status).toBe(420)
    expect((await account.send(allocation, 'llo', { Range: 'bytes=2-4' })).status).toBe(404)
    const again = await account.allocate('Archive/a', 'hello')
    expect((await account.send(again, 'llo', { Range: 'bytes=2-4' })).status).toBe(200)
  })

  test('cphashSame', async () => {
    await speaking({ cphashSame: 'new-revision' })
    seed({ 'Archive/a': 'a' })
    await cphash('Archive/a', 'a')
    expect(await number('Archive/a')).toBe('2')
  })

  test('revisionAfterHardDelete', async () => {
    await speaking({ revisionAfterHardDelete: 'continues' })
    seed({ 'Archive/dir/a': 'one' })
    seed({ 'Archive/dir/a': 'two' })
    await account.post('/Jotta/Archive/dir?rmDir=true')
    await account.put('Archive/DIR/A', 'three')
    expect(await number('Archive/dir/a')).toBe('3')
  })

  test('revisionAfterTrash, for uploads and known content', async () => {
    await speaking({ revisionAfterTrash: 'restarts' })
    for (const content of ['two', 'one']) {
      seed({ 'Archive/a': 'zero' })
      seed({ 'Archive/a': 'one' })
      const before = /uuid="[^"]+"/.exec((await account.get('/Jotta/Archive/a')).text)?.[0]
      await account.post('/Jotta/Archive/a?dl=true')
      await account.put('Archive/a', content)
      const { text } = await account.get('/Jotta/Archive/a')
      expect(text).not.toContain(before)
      expect(text).not.toContain('<revisions>')
      expect(await number('Archive/a')).toBe('1')
      expect((await account.read('/Jotta/Archive/a')).text).toBe(content)
      await account.post('/Jotta/Archive/a?rm=true')
    }
    expect((await account.get('')).text).toContain('<usage>0</usage>')
  })
})

describe('listings', () => {
  const files = { 'Archive/Dir/a': 'a', 'Archive/Dir/sub/b': 'b', 'Archive/x/y/c': 'c' }

  test('listStreamFolders and listStreamRoot', async () => {
    await speaking({ listStreamFolders: 'fileless', listStreamRoot: 'filedirlist' })
    seed(files)
    const text = await account.document('/Jotta/Archive?mode=liststream')
    const folders = [...text.matchAll(/<folder><path>([^<]+)/g)].map(([, path]) => path)
    expect(folders).toEqual(['/Archive', '/Archive/x'])
    expect(text).toContain('<stats><folders>5</folders><files>3</files></stats></filedirlist>')
  })

  test('listStreamSpelling and listOrder', async () => {
    await speaking({ listStreamSpelling: 'requested', listOrder: 'unordered' })
    seed(files)
    const text = await account.document('/Jotta/archive/DIR?mode=liststream')
    const paths = [...text.matchAll(/<path>([^<]+)/g)].map(([, path]) => path)
    expect(new Set(paths)).toEqual(new Set(['/archive/DIR', '/archive/DIR/sub']))
    expect(await account.names('/Jotta/Archive')).toEqual(['x', 'Dir'])
  })

  test('sharedView', async () => {
    await speaking({ sharedView: 'mountPoint' })
    expect((await account.get('/Jotta/Shared')).text).toContain('<name xml:space="preserve">Shared</name>')
    account.emulator.dialect.set({ sharedView: 'missing' })
    expect((await account.get('/Jotta/Shared')).status).toBe(404)
  })
})

describe('deleting and reading', () => {
  test('dlMissing, dlDirTrashed and removeReply', async () => {
    await speaking({ dlMissing: 200, dlDirTrashed: 404, removeReply: 'removed' })
    seed({ 'Archive/dir/a': 'a', 'Archive/b': 'b' })
    expect((await account.post('/Jotta/Archive/dir/no/thing?dl=true')).text).toContain('<folder name="dir"')
    await account.post('/Jotta/Archive/dir?dlDir=true')
    expect((await account.post('/Jotta/Archive/dir?dlDir=true')).status).toBe(404)
    expect((await account.post('/Jotta/Archive/b?rm=true')).text).toContain('<file name="b"')
    expect((await account.post('/Jotta/Archive/dir?rmDir=true')).text).toContain('<folder name="dir" deleted=')
  })

  test('modeBinTrashed, emptyRangeStatus and multiRange', async () => {
    await speaking({ modeBinTrashed: 404, emptyRangeStatus: 200, multiRange: 'whole' })
    seed({ 'Archive/a': 'hello', 'Archive/empty': '', 'Archive/gone': 'gone' })
    await account.post('/Jotta/Archive/gone?dl=true')
    expect((await account.read('/Jotta/Archive/gone')).status).toBe(404)
    expect((await account.get('/Jotta/Archive/empty?mode=bin', { Range: 'bytes=0-3' })).status).toBe(200)
    const several = await account.get('/Jotta/Archive/a?mode=bin', { Range: 'bytes=0-0,2-2' })
    expect([several.status, several.text]).toEqual([200, 'hello'])
  })
})

describe('names', () => {
  test('trashedInTheWay', async () => {
    await speaking({ trashedInTheWay: 'conflict' })
    seed({ 'Archive/file': 'a', 'Archive/folder/b': 'b' })
    await account.post('/Jotta/Archive/file?dl=true')
    await account.post('/Jotta/Archive/folder?dlDir=true')
    expect((await account.post('/Jotta/Archive/file?mkDir=true')).status).toBe(409)
    expect((await account.post('/Jotta/Archive/file/below?mkDir=true')).status).toBe(409)
    expect((await cphash('Archive/folder', 'a')).status).toBe(409)
  })

  test('trashedSpelling', async () => {
    await speaking({ trashedSpelling: 'stored' })
    seed({ 'Archive/dir/a': 'a' })
    await account.post('/Jotta/Archive/dir?dlDir=true')
    await cphash('Archive/DIR/A', 'a')
    expect(await account.names('/Jotta/Archive')).toEqual(['dir'])
    expect(await account.names('/Jotta/Archive/dir')).toEqual(['a'])
  })

  test('caseFolding', async () => {
    const found = async (): Promise<number[]> => {
      const paths = ['Æ', 'strasse', 'A']
      const answers = await Promise.all(paths.map((name) => account.get(`/Jotta/Archive/${encodeURIComponent(name)}`)))
      return answers.map(({ status }) => status)
    }
    await speaking({})
    seed({ 'Archive/æ': '1', 'Archive/straße': '2', 'Archive/a': '3' })
    expect(await found()).toEqual([200, 404, 200])
    account.emulator.dialect.set({ caseFolding: 'ascii' })
    expect(await found()).toEqual([404, 404, 200])
    account.emulator.dialect.set({ caseFolding: 'unicode-full' })
    expect(await found()).toEqual([200, 200, 200])
  })

  test('a change under which two names would be the same is refused', async () => {
    await speaking({ caseFolding: 'ascii' })
    seed({ 'Archive/æ': '1', 'Archive/Æ': '2' })
    expect(() => account.emulator.dialect.set({ caseFolding: 'unicode-simple' })).toThrow('"æ" and "Æ"')
    expect(account.emulator.dialect.answers().caseFolding).toBe('ascii')
    expect(await account.names('/Jotta/Archive')).toEqual(['Æ', 'æ'])
  })

  test('normalisation', async () => {
    const [composed, decomposed] = ['é', 'e\u0301']
    await speaking({ normalisation: 'compared' })
    seed({ [`Archive/${decomposed}`]: '1' })
    expect((await account.get(`/Jotta/Archive/${encodeURIComponent(composed)}`)).status).toBe(200)
    expect(await account.names('/Jotta/Archive')).toEqual([decomposed])
    account.emulator.dialect.set({ normalisation: 'stored' })
    seed({ [`Archive/2${decomposed}`]: '2' })
    expect(await account.names('/Jotta/Archive')).toEqual([`2${composed}`, decomposed])
  })

  test('lengthUnit', async () => {
    const name = '😀'.repeat(100)
    for (const [lengthUnit, statuses] of [
      ['utf-16', [200, 400]],
      ['code-points', [200, 200]],
      ['bytes', [400, 400]],
    ] as const) {
      await speaking({ lengthUnit })
      const made = [name, name + '😀'.repeat(50)].map((dir) =>
        account.post(`/Jotta/Archive/${encodeURIComponent(dir)}?mkDir=true`),
      )
      expect((await Promise.all(made)).map(({ status }) => status)).toEqual(statuses)
      await account.emulator.close()
    }
  })
})

test('namesOfOthers', async () => {
  for (const namesOfOthers of ['taken', 'refused'] as const) {
    await speaking({ namesOfOthers })
    account.emulator.seed([{ path: 'Archive/a:b/c*d', content: 'theirs', asStored: true }])
    expect((await account.read('/Jotta/Archive/a:b/c*d')).text).toBe('theirs')
    const status = namesOfOthers === 'taken' ? 200 : 400
    expect((await cphash('Archive/a:b/c*d', 'theirs')).status).toBe(status)
    expect((await account.post('/Jotta/Archive/a:b/new?mkDir=true')).status).toBe(status)
    expect((await account.post('/Jotta/Archive/a:b/n:w?mkDir=true')).status).toBe(400)
    expect((await to('Archive/a:b/c*d', 'mv', 'Archive/c')).status).toBe(200)
    await account.emulator.close()
  }
})

describe('the rest', () => {
  test('commandWithType', async () => {
    await speaking({ commandWithType: 'upload' })
    seed({ 'Archive/a': 'a' })
    const typed = { 'Content-Type': 'application/octet-stream' }
    expect((await account.post('/Jotta/Archive/a?dl=true', typed)).status).toBe(404)
    expect((await account.post('/Jotta/Archive/a?dl=true')).status).toBe(200)
  })
})
