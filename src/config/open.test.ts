import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeDeps } from '../../test/support/fake-deps.ts'
import { fakeRemotes, type Opened } from '../../test/support/fake-remotes.ts'
import { readVectors } from '../../test/support/read-vectors.ts'
import type { Logger } from '../core/context.ts'
import type { Token } from '../core/token.ts'
import { closeRemotes, type OpenDeps, openLocation } from './open.ts'
import { formatTokenBlob } from '../core/token-blob.ts'

const token: Token = { accessToken: 'a', tokenType: 'Bearer', refreshToken: 'r', expiry: 1n }
const recorded = '[ali]\ntype = alias\nremote = base/dir\n\n[two words]\ntype = alias\nremote = base\n'

let dir = ''
let logged: string[] = []
let opened: Opened[] = []
const log: Logger = { log: ({ level, text }) => void logged.push(`${level}: ${text}`), enabled: () => false }

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'open-'))
  logged = []
})
afterEach(() => rm(dir, { recursive: true }))

async function depsFor(config: string, more: Partial<OpenDeps> = {}): Promise<OpenDeps> {
  const fakes = fakeRemotes(token)
  opened = fakes.opened
  await writeFile(join(dir, 'rclone.conf'), config)
  return await fakeDeps(dir, { log, table: fakes.table, ...more })
}

/** The options of the remote that was opened last. */
async function optionsFor(typed: string, config: string, more: Partial<OpenDeps> = {}): Promise<Opened['options']> {
  await openLocation(typed, await depsFor(config, more))
  return opened.at(-1)?.options ?? {}
}

async function shown(typed: string, config: string, more: Partial<OpenDeps> = {}): Promise<string> {
  const { remote, path } = await openLocation(typed, await depsFor(config, more))
  return remote.facts(path).description
}

describe('opening what is typed', () => {
  test.each(readVectors('connection-strings.tsv'))('%j: %s', async (typed = '', ok = '', name = '', root = '') => {
    const deps = await depsFor(recorded)
    if (ok === 'no') {
      await expect(openLocation(typed, deps)).rejects.toThrow(root)
      return
    }
    const { remote, path } = await openLocation(typed, deps)
    expect([remote.name, remote.facts(path).description]).toEqual([name, root])
  })

  test('a local path is absolute without its first slash, and shown as typed', async () => {
    expect(await openLocation('/etc/x/', await depsFor(''))).toMatchObject({ path: 'etc/x' })
    expect(await openLocation('a/../b', await depsFor(''))).toMatchObject({ path: 'work/b' })
    expect(await openLocation('/', await depsFor(''))).toMatchObject({ path: '' })
    expect(await shown('/etc/x', '')).toBe('/etc/x')
    expect(await shown('../x', '')).toBe('../x')
    expect(await shown('.', '')).toBe('．')
  })

  test('on Windows a drive keeps its letter', async () => {
    const deps = await depsFor('', { platform: 'win32', cwd: 'C:\\work' })
    expect(await openLocation('a\\b', deps)).toMatchObject({ path: 'C:/work/a/b' })
    expect(await openLocation('D:/x/', deps)).toMatchObject({ path: 'D:/x' })
  })

  test('the path on a remote is cleaned, a leading slash means nothing', async () => {
    const deps = await depsFor('[c]\ntype = cloud\n')
    expect(await openLocation('c:/a//b/../c/', deps)).toMatchObject({ path: 'a/c' })
    expect(await openLocation('c:', deps)).toMatchObject({ path: '' })
  })

  test('one name with the same options is one object, with others another', async () => {
    const deps = await depsFor('[c]\ntype = cloud\n[n]\ntype = alias\nremote = c:sub\n')
    const remote = async (typed: string): Promise<unknown> => (await openLocation(typed, deps)).remote
    const first = await remote('c:a')
    expect(await remote('c:b')).toBe(first)
    expect(await remote('n:b')).toBe(first)
    expect(await remote('c,hard_delete:a')).not.toBe(first)
    expect(await remote('c,hard_delete:a')).toBe(await remote('c,hard_delete=true:b'))
    expect(opened.map(({ name }) => name)).toEqual(['c', expect.stringMatching(/^c\{[\w-]{5}\}$/)])
  })

  test('what failed to open is tried again', async () => {
    const deps = await depsFor('[c]\ntype = cloud\nmemory_limit = x\n')
    await expect(openLocation('c:', deps)).rejects.toThrow('memory_limit')
    await writeFile(join(dir, 'rclone.conf'), '[c]\ntype = cloud\nmemory_limit = 2k\n')
    expect((await openLocation('c:', deps)).remote.name).toBe('c')
  })

  test('everything opened is closed once', async () => {
    const deps = await depsFor('')
    let closed = 0
    const { remote } = await openLocation('x', deps)
    deps.opened.remotes.set('other', Promise.resolve({ ...remote, close: () => Promise.resolve(void closed++) }))
    await closeRemotes(deps.opened)
    await closeRemotes(deps.opened)
    expect(closed).toBe(1)
  })

  test('a local path with the name of a remote gets a notice, once', async () => {
    const deps = await depsFor('[here]\ntype = alias\nremote = src\n')
    await openLocation('here', deps)
    await openLocation('here', deps)
    await openLocation('./here', deps)
    const notice =
      'NOTICE: "here" refers to a local folder, use "here:" to refer to your remote or "./here" to hide this warning'
    expect(logged).toEqual([notice])
  })

  test('a remote of an unknown kind is refused, with the known ones', async () => {
    const failure = openLocation('d:', await depsFor('[d]\ntype = drive\n'))
    await expect(failure).rejects.toMatchObject({
      message: 'didn\'t find backend called "drive"',
      details: { hint: expect.stringContaining('alias, cloud, local') },
    })
  })

  test('a section without a type is no remote', async () => {
    const failure = openLocation('a:', await depsFor('[a]\nremote = x\n'))
    await expect(failure).rejects.toThrow('didn\'t find section in config file ("a")')
  })
})

describe('aliases', () => {
  const config = '[here]\ntype = alias\nremote = src\n[loc]\ntype = local\n[deep]\ntype = alias\nremote = here:dir1/\n'

  test.each([
    ['here:dir1', 'src/dir1'],
    ['here:/dir1', 'src/dir1'],
    ['here:../dst', 'src/dst'],
    ['here,remote=dst:', 'dst'],
    ['deep:sub', 'src/dir1/sub'],
    ['here,remote="loc:a":b', 'a/b'],
    [':alias,remote=/etc:x', '/etc/x'],
  ])('%s is %s', async (typed, expected) => {
    expect(await shown(typed, config)).toBe(expected)
  })

  test('take name and type of what they point to', async () => {
    const { remote } = await openLocation('deep:x', await depsFor(config))
    expect([remote.name, remote.type]).toEqual(['local', 'local'])
  })

  const circle = "can't point alias remote at itself - check the value of the remote setting"
  test.each([
    ['me:', '[me]\ntype = alias\nremote = me:\n', {}],
    ['me:', '[me]\ntype = alias\nremote = you:\n[you]\ntype = alias\nremote = me:x\n', {}],
    ['a:', '', { RCLONE_CONFIG_A_TYPE: 'alias', RCLONE_CONFIG_A_REMOTE: 'A:' }],
    ['here:', config, { RCLONE_CONFIG_HERE_REMOTE: 'deep:' }],
  ])('%s that goes round in circles is refused', async (typed, file, environment) => {
    await expect(openLocation(typed, await depsFor(file, { environment }))).rejects.toThrow(circle)
  })

  test('may point at themselves with another target', async () => {
    expect(await shown('me:x', '[me]\ntype = alias\nremote = me,remote=src:\n')).toBe('src/x')
  })

  test('that point nowhere are refused', async () => {
    const message = "alias can't point to an empty remote - check the value of the remote setting"
    const deps = await depsFor('', { environment: { RCLONE_CONFIG_A_TYPE: 'alias' } })
    await expect(openLocation('a:', deps)).rejects.toThrow(message)
    const nosuch = { RCLONE_CONFIG_A_TYPE: 'alias', RCLONE_CONFIG_A_REMOTE: 'nosuch:' }
    await expect(openLocation('a:', await depsFor('', { environment: nosuch }))).rejects.toThrow(
      'didn\'t find section in config file ("nosuch")',
    )
  })
})

const deviceFlag: OpenDeps['flags'] = (type, key) => (type === 'cloud' && key === 'device' ? 'flag' : undefined)

describe('options', () => {
  const file = '[c]\ntype = cloud\ndevice = file\nhard_delete = true\nnames =\n'
  const all = { RCLONE_CONFIG_C_DEVICE: 'remote', RCLONE_CLOUD_DEVICE: 'backend' }

  test.each([
    ['c,device=string:', { flags: deviceFlag, environment: all }, 'string'],
    ['c:', { flags: deviceFlag, environment: all }, 'flag'],
    ['c:', { environment: all }, 'remote'],
    ['c:', { environment: { RCLONE_CLOUD_DEVICE: 'backend' } }, 'backend'],
    ['c:', { environment: { RCLONE_CLOUD_DEVICE: '' } }, 'file'],
    [':cloud:', {}, 'Jotta'],
    [':cloud,device=:', {}, ''],
  ])('%s with %j: the device is %j', async (typed, more, expected) => {
    expect(await optionsFor(typed, file, more)).toMatchObject({ device: expected })
  })

  test('of a plain flag can come from its plain variable, after the one with a prefix', async () => {
    expect(await optionsFor('x', '', { environment: { RCLONE_COPY_LINKS: 'true' } })).toEqual({ copyLinks: true })
    const both = { RCLONE_COPY_LINKS: 'true', RCLONE_LOCAL_COPY_LINKS: 'false' }
    expect(await optionsFor('x', '', { environment: both })).toEqual({ copyLinks: false })
  })

  test('of the file count where nothing else does, an empty value is unset', async () => {
    expect(await optionsFor('c:', file)).toMatchObject({ hardDelete: true, names: [], memoryLimit: 1024 })
  })

  test('of a bad value are named, but a secret is not shown', async () => {
    const cloud = '[c]\ntype = cloud\n'
    await expect(optionsFor('c,hard_delete=maybe:', cloud)).rejects.toThrow(
      'couldn\'t parse config item "hard_delete" = "maybe" as bool: parsing "maybe" as bool failed: strconv.ParseBool: parsing "maybe": invalid syntax',
    )
    await expect(optionsFor('c,pin=1234x:', cloud)).rejects.toThrow(
      /^couldn't parse config item "pin" = "XXX" as fs.SizeSuffix$/,
    )
  })
})

describe('remotes of the environment', () => {
  test('need no file, in any case', async () => {
    const environment = { RCLONE_CONFIG_MY_REMOTE_TYPE: 'alias', RCLONE_CONFIG_MY_REMOTE_REMOTE: 'src/dir1' }
    expect(await shown('my_remote:', '', { environment })).toBe('src/dir1')
    expect(await shown('MY_REMOTE:', '', { environment })).toBe('src/dir1')
  })

  test('override the file, key by key', async () => {
    const config = '[here]\ntype = alias\nremote = src\n'
    expect(await shown('here:', config, { environment: { RCLONE_CONFIG_HERE_REMOTE: 'dst' } })).toBe('dst')
  })

  test('give keys that are no options, too, as the file would spell them', async () => {
    const environment = { RCLONE_CONFIG_J_TYPE: 'cloud', RCLONE_CONFIG_J_TOKENURL: 'https://t', RCLONE_CONFIG_J_X: '1' }
    await openLocation('j,y=2:', await depsFor('', { environment }))
    expect(opened[0]?.section).toEqual({ type: 'cloud', tokenURL: 'https://t', x: '1', y: '2' })
  })

  test('have their renewed token kept under the given one', async () => {
    const environment = { RCLONE_CONFIG_J_TYPE: 'cloud', RCLONE_CONFIG_J_TOKEN: formatTokenBlob(token) }
    await openLocation('J:', await depsFor('', { environment }))
    await opened[0]?.env.tokens?.update((now) => Promise.resolve({ ...now, refreshToken: 's', expiry: 2n }))
    expect(await readFile(join(dir, 'rclone.conf'), 'utf8')).toBe('')
    await openLocation('J:', await depsFor('', { environment }))
    expect(await opened.at(-1)?.env.tokens?.read()).toMatchObject({ refreshToken: 's' })
  })
})

test('a remote gets a token store only where there is a login for its kind', async () => {
  const deps = await depsFor(`[c]\ntype = cloud\ntoken = ${formatTokenBlob(token)}\n`)
  await openLocation('c:', deps)
  await openLocation('x', deps)
  expect(await opened[0]?.env.tokens?.read()).toEqual(token)
  expect(opened[1]?.env.tokens).toBeUndefined()
})
