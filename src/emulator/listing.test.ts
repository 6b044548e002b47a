import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn
let user: string

beforeEach(async () => {
  account = await signIn({ now: () => now })
  user = account.emulator.username
})

afterEach(() => account.emulator.close())

describe('liststream', () => {
  test('gives live folders before their completed files, and counts that agree', async () => {
    await account.seedDirectory()
    await account.allocate('Archive/dir/unfinished', 'never sent')
    await account.post('/Jotta/Archive/dir/empty?mkDir=true')
    const text = await account.document('/Jotta/Archive/DIR?mode=liststream')
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><filelist><folder><path>/Archive/dir</path></folder>' +
        '<file><path>/Archive/dir</path><filename>a.txt</filename><md5>5d41402abc4b2a76b9719d911017c592</md5>' +
        '<size>5</size><modified>2020-01-01T00:00:00.000Z</modified><created>2020-01-01T00:00:00.000Z</created></file>' +
        '<folder><path>/Archive/dir/empty</path></folder><folder><path>/Archive/dir/sub</path></folder>' +
        '<file><path>/Archive/dir/sub</path><filename>x</filename><md5>9dd4e461268c8034f5c8564e155c67a6</md5>' +
        '<size>1</size><modified>2026-03-04T05:06:07.000Z</modified><created>2026-03-04T05:06:07.000Z</created></file>' +
        '<stats><folders>3</folders><files>2</files></stats></filelist>',
    )
  })

  test('of a whole mountpoint begins with it, and of missing or trashed folders is 404', async () => {
    await account.seedDirectory()
    expect(await account.document('/Jotta/Sync?mode=liststream')).toContain(
      '<filelist><folder><path>/Sync</path></folder><stats><folders>1</folders><files>0</files></stats>',
    )
    expect((await account.get('/Jotta/Archive/none?mode=liststream')).status).toBe(404)
    expect((await account.get('/Jotta/Archive/dir/gone?mode=liststream')).status).toBe(404)
  })

  test('counts agree for a tree that takes many writes', async () => {
    const files = Array.from({ length: 3000 }, (_, i) => ({
      path: `Archive/many/${i % 7}/${i % 11}/file ${i}`,
      size: i % 5,
    }))
    account.emulator.seed(files)
    const { text } = await account.get('/Jotta/Archive/many?mode=liststream')
    expect(text.match(/<folder>/g)).toHaveLength(1 + 7 + 7 * 11)
    expect(text.match(/<file>/g)).toHaveLength(3000)
    expect(text).toMatch(/<folders>85<\/folders>\s*<files>3000<\/files>/)
  })
})

describe('list', () => {
  test('is flat and shows trashed items', async () => {
    await account.seedDirectory()
    const text = await account.document('/Jotta/Archive?mode=list')
    const names = [...text.matchAll(/<(?:folder|file) name="([^"]+)"/g)].map((match) => match[1])
    expect(names).toEqual(['Archive', 'dir', 'a.txt', 'old.bin', 'gone', 'y', 'sub', 'x'])
    expect(text).toContain(
      `<folder name="gone" deleted="2026-03-04-T05:06:07Z"><path xml:space="preserve">/${user}/Jotta/Archive/dir</path>`,
    )
    expect(text).not.toContain('metadata')
  })
})

describe('views', () => {
  test('Trash shows the tops of what was deleted', async () => {
    await account.seedDirectory()
    const text = await account.document('/Jotta/Trash')
    expect(text).toContain(
      `<size></size><modified></modified><device>Jotta</device><user>${user}</user><folders>` +
        `<folder name="gone" deleted="2026-03-04-T05:06:07Z" contextType="TRASH">` +
        `<abspath xml:space="preserve">/${user}/Jotta/Archive/dir</abspath></folder></folders><files>`,
    )
    expect(text).toMatch(/<file name="old.bin" uuid="[^"]+" deleted="2026-03-04-T05:06:07Z" contextType="TRASH">/)
    expect(text).toContain('<metadata first="" max="" total="2" num_folders="1" num_files="1"/>')
    expect((await account.get('/Jotta/Trash/gone')).status).toBe(404)
    expect((await account.post('/Jotta/Trash/gone?rmDir=true')).status).toBe(404)
  })

  test('Latest shows at least ten, newest first, and counts all', async () => {
    account.emulator.seed(Array.from({ length: 12 }, (_, i) => ({ path: `Archive/${i}`, content: `${i}` })))
    const text = await account.document('/Jotta/Latest?sort=updated&max=3&web=true')
    expect(text.match(/<file /g)).toHaveLength(10)
    expect(text).toContain('<metadata first="" max="3" total="12" num_files="12"/></searchresult>')
    expect(text).toContain(`<path xml:space="preserve">/${user}/Jotta/Archive</path>`)
  })

  test('Links shows files with a link, trashed ones too; Shared is empty', async () => {
    await account.seedDirectory()
    await account.get('/Jotta/Archive/dir/old.bin?mode=enableShare')
    const text = await account.document('/Jotta/Links')
    expect(text).toMatch(/<file name="old.bin" uuid="[^"]+" deleted="[^"]+"><path /)
    expect(text).toMatch(/<publicURI>[0-9a-f]{32}<\/publicURI>/)
    expect(text).toContain('<metadata first="0" max="1" total="1" num_folders="1"/>')
    expect(await account.document('/Jotta/Shared')).toContain('<searchresult')
  })
})
