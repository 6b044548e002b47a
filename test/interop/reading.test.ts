import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// docs/protocol.md §7.1, items in brackets.
describe.skipIf(rcloneVersion === undefined)('rclone reads', () => {
  let account: Interop
  const time = '2020-07-01 12:00:00'
  const md5OfHello = '5d41402abc4b2a76b9719d911017c592'

  beforeAll(async () => {
    account = await createInterop()
    const modified = Date.parse(`${time}Z`)
    account.emulator.seed([
      { path: 'Archive/dir/a.txt', content: 'hello', modified },
      { path: 'Archive/dir/empty', content: '', modified },
      { path: 'Archive/dir/sub/b.txt', content: 'world!', modified },
      { path: 'Archive/top.bin', size: 70_000, modified },
    ])
    await account.rclone('mkdir', 'j:hollow/folder')
  })

  afterAll(() => account[Symbol.asyncDispose]())

  const looks = new Set(['customer', 'mountpoint', 'folder', 'file'])

  /** Runs rclone, and sees that it asked for these things and, but for looking around, for no others. */
  async function asks(operations: readonly string[], ...args: string[]): Promise<string> {
    let printed = ''
    const counts = await account.requests(async () => (printed = await account.rclone(...args)))
    const made = Object.keys(counts)
    expect(made).toEqual(expect.arrayContaining(['customer', ...operations]))
    expect(made.filter((operation) => !looks.has(operation) && !operations.includes(operation))).toEqual([])
    return printed
  }

  test('one folder by its document [3, 4, 7]', async () => {
    expect(await asks(['folder'], 'lsf', 'j:dir')).toBe('a.txt\nempty\nsub/\n')
    expect(await asks(['mountpoint'], 'lsf', 'j:')).toBe('dir/\nhollow/\ntop.bin\n')
    expect(await asks(['folder'], 'lsd', 'j:dir')).toMatch(/ -1 sub\n$/)
    expect(await asks(['file'], 'lsf', 'j:dir/a.txt')).toBe('a.txt\n')
  })

  test('a tree by one recursive listing, empty folders included [8]', async () => {
    const operations = ['liststream']
    expect(lines(await asks(operations, 'lsf', '-R', 'j:'))).toEqual([
      'dir/',
      'dir/a.txt',
      'dir/empty',
      'dir/sub/',
      'dir/sub/b.txt',
      'hollow/',
      'hollow/folder/',
      'top.bin',
    ])
    expect(lines(await asks(operations, 'ls', 'j:dir'))).toEqual([
      '        0 empty',
      '        5 a.txt',
      '        6 sub/b.txt',
    ])
    expect(lines(await asks(operations, 'lsl', 'j:dir'))[1]).toBe(`        5 ${time}.000000000 a.txt`)
    expect(lines(await asks(operations, 'md5sum', 'j:dir'))[1]).toBe(`${md5OfHello}  a.txt`)
    expect(await asks(operations, 'size', '--json', 'j:dir')).toMatch(/"count":3,"bytes":11/)
    expect(await asks(operations, 'tree', '--noreport', 'j:dir')).toBe(
      '/\n├── a.txt\n├── empty\n└── sub\n    └── b.txt\n',
    )
  })

  test('what it lists as JSON [10]', async () => {
    const listed: unknown = JSON.parse(await account.rclone('lsjson', '--hash', 'j:dir', '--files-only'))
    expect(listed).toMatchObject([
      { Path: 'a.txt', Size: 5, ModTime: '2020-07-01T12:00:00Z', Hashes: { md5: md5OfHello } },
      { Path: 'empty', Size: 0 },
    ])
    const one: unknown = JSON.parse(await asks(['file'], 'lsjson', '--stat', 'j:dir/a.txt'))
    expect(one).toMatchObject({ Name: 'a.txt', IsDir: false })
  })

  test('nothing where nothing is, with exit code 3', async () => {
    for (const args of [
      ['lsf', 'j:nowhere'],
      ['lsf', '-R', 'j:nowhere'],
      ['size', 'j:nowhere'],
    ]) {
      const ran = await account.tryRclone(args)
      expect([ran.status, ran.stderr.includes('directory not found')]).toEqual([3, true])
    }
  })

  test('bytes, whole and in part [9]', async () => {
    expect(await account.requests(() => account.rclone('cat', 'j:dir/a.txt'))).toMatchObject({ download: 1 })
    expect(await account.rclone('cat', '--offset', '1', '--count', '3', 'j:dir/a.txt')).toBe('ell')
    expect(await account.rclone('cat', '--tail', '2', 'j:dir/a.txt')).toBe('lo')
    expect(await account.rclone('cat', 'j:dir/empty')).toBe('')
    const before = account.emulator.counters.of('download').bytesSent
    expect(await account.rclone('cat', '--offset', '69990', 'j:top.bin')).toHaveLength(10)
    expect(account.emulator.counters.of('download').bytesSent - before).toBe(10)
  })

  test('a large file in several pieces at once', async () => {
    account.emulator.seed([{ path: 'Archive/large.bin', size: 12_000_000 }])
    const streams = ['--multi-thread-cutoff', '1M', '--multi-thread-streams', '4']
    const counts = await account.requests(() => account.rclone('copy', ...streams, 'j:large.bin', 'down'))
    expect(counts['download']).toBeGreaterThan(1)
    expect(await account.rclone('check', '--one-way', 'down', 'j:', '--download')).toBe('')
    await account.rclone('deletefile', '--jottacloud-hard-delete', 'j:large.bin')
  })

  test('a tree down to disk, with times, and finds no difference [10]', async () => {
    const copied = await account.requests(() => account.rclone('copy', 'j:dir', 'copied'))
    expect(copied).toMatchObject({ download: 3 })
    expect(await account.rclone('lsf', '-R', '--format', 'tp', '--files-only', 'copied')).toContain(`${time};a.txt`)
    expect((await account.tryRclone(['check', 'copied', 'j:dir'])).stderr).toContain('0 differences found')
    account.files('copied', { 'a.txt': 'HELLO' })
    const check = await account.tryRclone(['check', 'copied', 'j:dir'])
    expect([check.status, check.stderr.includes('1 differences found')]).toEqual([1, true])
  })

  test('the account [28, 29]', async () => {
    const about: unknown = JSON.parse(await asks(['user'], 'about', '--json', 'j:'))
    expect(about).toEqual({ total: 2 ** 40, used: 70_011, free: 2 ** 40 - 70_011 })
    const info = await asks([], 'config', 'userinfo', 'j:')
    expect(info).toMatch(new RegExp(`Username: ${account.emulator.username}`))
  })

  test('links, which lead to the content [30]', async () => {
    const link = (await account.rclone('link', 'j:dir/a.txt')).trim()
    expect(link).toMatch(/^https:\/\/www\.jottacloud\.com\/opin\/io\/downloadPublic\/u\w+\/[0-9a-f]{32}$/)
    expect(await account.rclone('link', 'j:dir/a.txt')).toBe(`${link}\n`)
    expect(await account.rclone('link', 'j:dir')).not.toBe(`${link}\n`)
    const [, path] = link.split('https://www.jottacloud.com/')
    const { wwwUrl } = await account.emulator.listen()
    expect(await (await fetch(`${wwwUrl}${path}`)).text()).toBe('hello')
    await account.rclone('link', '--unlink', 'j:dir/a.txt')
    expect((await fetch(`${wwwUrl}${path}`)).status).toBe(404)
  })

  test('whatever the case of the letters [32]', async () => {
    await account.rclone('copyto', 'j:DIR/Sub', 'cased')
    expect(await account.rclone('cat', 'cased/b.txt')).toBe('world!')
    expect(await account.rclone('lsf', 'j:Dir/SUB')).toBe('b.txt\n')
  })
})

function lines(text: string): string[] {
  return text.trimEnd().split('\n').toSorted()
}
