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

const ROOT = 'time="2026-03-04-T05:06:07Z" host="dn-094"'
const REVISION =
  '<currentRevision><number>1</number><state>COMPLETED</state><created>2020-01-01-T00:00:00Z</created>' +
  '<modified>2020-01-01-T00:00:00Z</modified><mime>text/plain</mime><size>5</size>' +
  '<md5>5d41402abc4b2a76b9719d911017c592</md5><updated>2026-03-04-T05:06:07Z</updated></currentRevision>'
describe('documents', () => {
  test('user: everything in order', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'hello' }])
    expect(await account.document('')).toMatch(
      new RegExp(
        `<user ${ROOT}><username>${user}</username><account-type>free</account-type><locked>false</locked>` +
          '<capacity>1099511627776</capacity><max-devices>-1</max-devices><max-mobile-devices>-1</max-mobile-devices>' +
          '<usage>5</usage><read-locked>false</read-locked><write-locked>false</write-locked>' +
          '<quota-write-locked>false</quota-write-locked><enable-sync>true</enable-sync>' +
          '<enable-foldershare>true</enable-foldershare><devices><device><name xml:space="preserve">Jotta</name>' +
          '<display_name xml:space="preserve">Jotta</display_name><type>JOTTA</type><sid>[-0-9a-f]{36}</sid>' +
          '<size>5</size><modified>2026-03-04-T05:06:07Z</modified></device></devices></user>$',
      ),
    )
  })

  test('device: lists mountpoints and two of the views, never changed ones without a date', async () => {
    const text = await account.document('/jotta')
    expect(text).toContain(`<device ${ROOT}><name xml:space="preserve">Jotta</name>`)
    expect(text).toContain(`<modified></modified><user>${user}</user><mountPoints>`)
    const names = [...text.matchAll(/<mountPoint><name xml:space="preserve">(\w+)</g)].map((match) => match[1])
    expect(names).toEqual(['Latest', 'Shared', 'Archive', 'Sync'])
    expect(text).toContain(
      '<mountPoint><name xml:space="preserve">Sync</name><size>0</size><modified></modified></mountPoint>',
    )
    expect(text).toContain('<metadata first="" max="" total="4" num_mountpoints="4"/></device>')
  })

  test('mountpoint: its name is an element', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a.txt', content: 'hello' }])
    const parent = `/${user}/Jotta`
    expect(await account.document('/Jotta/archive')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><mountPoint ${ROOT}><name xml:space="preserve">Archive</name>` +
        `<path xml:space="preserve">${parent}</path><abspath xml:space="preserve">${parent}</abspath><size>5</size>` +
        `<modified>2026-03-04-T05:06:07Z</modified><device>Jotta</device><user>${user}</user>` +
        '<folders><folder name="dir"/></folders>' +
        '<metadata first="" max="" total="1" num_folders="1" num_files="0"/></mountPoint>',
    )
  })

  test('folder: shows trashed entries, with the time and their parent', async () => {
    await account.seedDirectory()
    const here = `/${user}/Jotta/Archive/dir`
    const text = await account.document('/Jotta/Archive/dir')
    expect(text).toContain(
      `<folder name="dir" ${ROOT}><path xml:space="preserve">/${user}/Jotta/Archive</path>` +
        `<abspath xml:space="preserve">/${user}/Jotta/Archive</abspath><folders>` +
        `<folder name="gone" deleted="2026-03-04-T05:06:07Z"><abspath xml:space="preserve">${here}</abspath></folder>` +
        '<folder name="sub"/></folders><files>',
    )
    expect(text).toMatch(new RegExp(`<files><file name="a.txt" uuid="[-0-9a-f]{36}">${REVISION}</file>`))
    expect(text).toMatch(
      new RegExp(
        `<file name="old.bin" uuid="[-0-9a-f]{36}" deleted="2026-03-04-T05:06:07Z">` +
          `<abspath xml:space="preserve">${here}</abspath><currentRevision>`,
      ),
    )
    expect(text).toContain('</files><metadata first="" max="" total="4" num_folders="2" num_files="2"/></folder>')
  })

  test('empty folder: only path, abspath and metadata', async () => {
    await account.post('/Jotta/Archive/empty?mkDir=true')
    expect(await account.document('/Jotta/Archive/empty')).toMatch(
      /<\/abspath><metadata first="" max="" total="0" num_folders="0" num_files="0"\/><\/folder>$/,
    )
  })

  test('file: the parent is its path', async () => {
    await account.seedDirectory()
    const here = `/${user}/Jotta/Archive/dir`
    expect(await account.document('/Jotta/Archive/dir/a.txt')).toMatch(
      new RegExp(
        `<file name="a.txt" uuid="[-0-9a-f]{36}" ${ROOT}><path xml:space="preserve">${here}</path>` +
          `<abspath xml:space="preserve">${here}</abspath>${REVISION}</file>$`,
      ),
    )
  })

  test('names are escaped and keep their spaces', async () => {
    account.emulator.seed([{ path: `Archive/ a & b's `, content: 'x' }])
    expect(await account.document('/Jotta/Archive')).toContain(`<file name=" a &amp; b's "`)
    expect((await account.get('/Jotta/Archive/%20a+&%20b%27s%20?mode=bin')).text).toBe('x')
  })

  test('missing things are 404 with an error document', async () => {
    const path = await account.get('/Jotta/Archive/no/where')
    expect(path.status).toBe(404)
    expect(path.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n\n<error>\n  <code>404</code>\n' +
        `  <message>no.jotta.backup.errors.NoSuchPathException: Directory /${user}/Jotta/Archive/no/where</message>\n` +
        '  <reason>Not Found</reason>\n  <cause></cause>\n  <hostname></hostname>\n' +
        `  <x-id>${/<x-id>(\d{12})</.exec(path.text)?.[1]}</x-id>\n</error>\n`,
    )
    expect((await account.get('/Jotta/Archive/%01')).text).toContain('Archive/\ufffd</message>')
    const mountpoint = await account.get('/Jotta/Nowhere')
    expect(mountpoint.status).toBe(404)
    expect(mountpoint.text).toContain('<message>no.jotta.backup.errors.NoSuchMountPointException</message>')
    expect((await account.get('/Nowhere')).status).toBe(404)
  })
})

describe('paging', () => {
  test('cuts folders and files as one list and still counts all', async () => {
    await account.seedDirectory()
    const text = await account.document('/Jotta/Archive/dir?first=1&max=2')
    expect([...text.matchAll(/<(?:folder|file) name="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'dir',
      'sub',
      'a.txt',
    ])
    expect(text).toContain('<metadata first="1" max="2" total="4" num_folders="2" num_files="2"/>')
  })
})

describe('addresses', () => {
  test('upper and lower case are the same, beyond ASCII too', async () => {
    account.emulator.seed([{ path: 'Archive/ÆØÅ/Straße ΣΊΣΥΦΟΣ.txt', content: 'x' }])
    for (const path of ['/Jotta/Archive/æøå/straße σίσυφος.TXT', '/JOTTA/ARCHIVE/Æøå/STRAßE Σίσυφοσ.txt']) {
      expect(await account.document(encodeURI(path))).toContain('<file name="Straße ΣΊΣΥΦΟΣ.txt"')
    }
    expect((await account.get(encodeURI('/Jotta/Archive/æøå/strasse σίσυφος.txt'))).status).toBe(404)
  })

  test('a raw plus is a space and a semicolon is nothing special', async () => {
    account.emulator.seed([
      { path: 'Archive/a b+c;d=1.txt', content: 'plus' },
      { path: 'Archive/æ.txt', content: 'ae' },
    ])
    expect((await account.get('/Jotta/Archive/a+b%2Bc;d=1.txt?mode=bin')).text).toBe('plus')
    expect((await account.get('/Jotta/Archive/a%20b+c;d=1.txt?mode=bin')).status).toBe(404)
    expect((await account.get('/Jotta/Archive/%C3%A6.txt?mode=bin')).text).toBe('ae')
    expect((await account.get('/Jotta/Archive/%C3.txt')).status).toBe(400)
  })

  test('a percent sign and two hex digits in a name are refused in front', async () => {
    const answer = await account.get('/Jotta/Archive/p%2541')
    expect([answer.status, answer.text]).toEqual([400, 'Bad request'])
    expect((await account.get('/Jotta/Archive/100%25')).status).toBe(404)
  })
})
