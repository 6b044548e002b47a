import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount, fjordWithInput } from './fjord.ts'

/** What scripts use, on an emulated account. */
let account: Account
const big = Buffer.alloc(300_000, 'pipe')
const md5 = (bytes: Buffer | string): string => createHash('md5').update(bytes).digest('hex')

beforeAll(async () => {
  account = await createAccount()
  const tree = join(account.home, 'tree')
  mkdirSync(join(tree, 'sub'), { recursive: true })
  writeFileSync(join(tree, 'a.txt'), 'alpha')
  writeFileSync(join(tree, 'sub', 'b.jpg'), 'beta')
  await account.run('copy', 'tree', 'jotta:tree')
})
afterAll(() => account[Symbol.asyncDispose]())

describe('on Jottacloud', () => {
  test('lsjson lists with hashes', async () => {
    const { stdout } = await account.run('lsjson', '-R', '--hash', '--files-only', 'jotta:tree')
    const listed: unknown = JSON.parse(stdout)
    expect(listed).toMatchObject([
      { Path: 'a.txt', Size: 5, IsDir: false, Hashes: { md5: md5('alpha') } },
      { Path: 'sub/b.jpg', Name: 'b.jpg', MimeType: 'image/jpeg', Hashes: { md5: md5('beta') } },
    ])
    expect(stdout).toMatch(/"ModTime":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/)
  })

  test('md5sum and check need no download, other hashes do', async () => {
    expect((await account.run('md5sum', 'jotta:tree/sub')).stdout).toBe(`${md5('beta')}  b.jpg\n`)
    expect(await account.run('check', 'tree', 'jotta:tree')).toMatchObject({ status: 0 })
    const refused = await account.run('sha1sum', 'jotta:tree/a.txt')
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('a.txt: hash unsupported: hash type not supported')
    const sha1 = createHash('sha1').update('alpha').digest('hex')
    expect((await account.run('sha1sum', '--download', 'jotta:tree/a.txt')).stdout).toBe(`${sha1}  a.txt\n`)
  })

  test('check names what differs', async () => {
    mkdirSync(join(account.home, 'other/sub'), { recursive: true })
    writeFileSync(join(account.home, 'other/a.txt'), 'alphx')
    const { status, stdout, stderr } = await account.run('check', 'other', 'jotta:tree', '--combined', '-')
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(['* a.txt', '- sub/b.jpg'])
    expect(stderr).toContain('Failed to check with 2 errors: last error was: 2 differences found')
    expect(status).toBe(1)
  })

  test('filters keep directories from being listed', async () => {
    expect((await account.run('lsf', '-R', '--include', '/*.txt', 'jotta:tree')).stdout).toBe('a.txt\n')
    expect((await account.run('size', '--json', '--include', '*.jpg', 'jotta:tree')).stdout).toBe(
      '{"count":1,"bytes":4,"sizeless":0,"fs":"jotta:tree"}\n',
    )
    const refused = await account.run('purge', '--include', '*.jpg', 'jotta:tree')
    expect(refused).toMatchObject({ status: 1 })
    expect((await account.run('ls', 'jotta:tree')).stdout).toContain('sub/b.jpg')
  })

  test.each([
    ['short', Buffer.from('short')],
    ['long', big],
    ['empty', Buffer.alloc(0)],
  ])('rcat stores %s input from a pipe', async (name, input) => {
    const ran = await fjordWithInput(['rcat', `jotta:piped/${name}`], { home: account.home }, input)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect((await account.run('md5sum', `jotta:piped/${name}`)).stdout).toBe(`${md5(input)}  ${name}\n`)
  })

  test('rcat refuses a device', async () => {
    const { status, stderr } = await account.run('rcat', 'jotta:piped/none')
    expect(status).toBe(1)
    expect(stderr).toContain('CRITICAL: nothing to read from standard input (stdin).')
  })

  test('touch sets the time and makes empty files', async () => {
    await account.run('touch', '-t', '2006-01-02T15:04:05', 'jotta:tree/a.txt')
    await account.run('touch', '-t', '060102', 'jotta:touched/new')
    expect((await account.run('lsl', 'jotta:tree/a.txt')).stdout).toContain('2006-01-02 15:04:05')
    expect((await account.run('lsl', 'jotta:touched')).stdout).toBe('        0 2006-01-02 00:00:00.000000000 new\n')
  })

  test('copyurl stores what a server gives, and tree and deletefile find it', async () => {
    const server = createServer((_, response) => response.end('from the web'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    try {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      const ran = await account.run('copyurl', '-a', '-p', `http://127.0.0.1:${port}/x/name.txt`, 'jotta:web')
      expect(ran).toMatchObject({ status: 0, stdout: 'name.txt\n' })
    } finally {
      server.close()
    }
    expect((await account.run('cat', 'jotta:web/name.txt')).stdout).toBe('from the web')
    expect((await account.run('tree', 'jotta:web')).stdout).toBe('/\n└── name.txt\n\n0 directories, 1 files\n')
    expect(await account.run('deletefile', 'jotta:web/name.txt')).toMatchObject({ status: 0 })
    expect(await account.run('deletefile', '--retries', '1', 'jotta:web/name.txt')).toMatchObject({ status: 4 })
    expect(await account.run('rmdirs', 'jotta:web')).toMatchObject({ status: 0 })
    expect(await account.run('ls', 'jotta:web')).toMatchObject({ status: 3 })
  })

  test('names are typed and shown in the standard form', async () => {
    await fjordWithInput(['rcat', 'jotta:odd/a␁b'], { home: account.home }, Buffer.from('control'))
    await fjordWithInput(['rcat', 'jotta:odd/a‛␁b'], { home: account.home }, Buffer.from('symbol'))
    expect((await account.run('lsf', 'jotta:odd')).stdout).toBe('a␁b\na‛␁b\n')
    await account.run('copy', 'jotta:odd', 'odd')
    expect(readFileSync(join(account.home, 'odd', 'a\u0001b'), 'utf8')).toBe('control')
    expect(readFileSync(join(account.home, 'odd', 'a␁b'), 'utf8')).toBe('symbol')
  })
})
