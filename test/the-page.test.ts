import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { sectionOptions } from '../src/config/definitions.ts'
import { configKey, envName, flagName } from '../src/options/names.ts'
import { jottacloudDefinition } from '../src/remotes/jottacloud/index.ts'
import { createAccount, fjord } from './command/fjord.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the short names of folders in the table lead. */
const folders = { 'jottacloud/': 'src/remotes/jottacloud/', 'conformance/': 'src/testing/conformance/' }

test('the tests that the table names are there', () => {
  const rows = readFileSync(join(root, 'docs/the-page.md'), 'utf8').replaceAll('\\|', '!').split('\n')
  const cells = rows.filter((row) => row.startsWith('| ')).map((row) => row.split('|')[2] ?? '')
  const references = cells
    .flatMap((cell) => cell.trim().split(/; (?=[\w./-]+\.ts\b)/))
    .filter((one) => one.includes('.ts'))
  expect(references.length).toBeGreaterThan(70)
  expect(references.flatMap(missing)).toEqual([])
})

/** What a reference names that is not there. */
function missing(reference: string): readonly string[] {
  const [, file = ''] = /^([\w./-]+\.ts)\b/.exec(reference) ?? []
  const [short, folder] = Object.entries(folders).find(([start]) => file.startsWith(start)) ?? ['', '']
  const path = join(root, folder + file.slice(short.length))
  if (file === '' || !existsSync(path)) return [reference]
  const text = readFileSync(path, 'utf8')
  const names = [...reference.matchAll(/"([^"]*?)(?: ?…)?"/g)].map(([, name = '']) => name)
  return names.filter((name) => !text.includes(name)).map((name) => `${file}: ${name}`)
}

/** As the page lists them: the key, the type and the default; Percent in the encoding is a deviation. */
const options = [
  ['client_id', 'string', ''],
  ['client_secret', 'string', ''],
  ['token', 'string', ''],
  ['auth_url', 'string', ''],
  ['token_url', 'string', ''],
  ['md5_memory_limit', 'SizeSuffix', '10Mi'],
  ['trashed_only', 'bool', 'false'],
  ['hard_delete', 'bool', 'false'],
  ['upload_resume_limit', 'SizeSuffix', '10Mi'],
  ['no_versions', 'bool', 'false'],
  ['encoding', 'Encoding', 'Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Percent,Del,Ctl,InvalidUtf8,Dot'],
  ['description', 'string', ''],
] as const

test('the options of the page are there, each as flag, variable and key, with its type and default', async () => {
  const specs = Object.entries(sectionOptions(jottacloudDefinition.options))
  for (const [key, type, initial] of options) {
    const [name, spec] = specs.find(([one]) => configKey(one) === key) ?? expect.fail(key)
    const flag = flagName(name, 'jottacloud')
    expect(flag).toBe(`jottacloud-${key.replaceAll('_', '-')}`)
    expect(envName(flag)).toBe(`RCLONE_JOTTACLOUD_${key.toUpperCase()}`)
    expect(spec.type.label || spec.type.name, key).toBe(type)
    expect(spec.type.format(spec.default), key).toBe(initial)
    const ran = await fjord(['version', `--${flag}=${initial}`], { home: root })
    expect(ran, flag).toMatchObject({ status: 0, stderr: '' })
  }
})

test('a variable does what its flag does', async () => {
  await using account = await createAccount()
  const { home } = account
  for (const [at, how] of [[], ['--jottacloud-hard-delete'], 'RCLONE_JOTTACLOUD_HARD_DELETE'].entries()) {
    account.emulator.seed([{ path: `Archive/${at}`, content: 'x' }])
    const env = typeof how === 'string' ? { [how]: 'true' } : {}
    const args = ['deletefile', `jotta:${at}`, ...(typeof how === 'string' ? [] : how)]
    expect(await fjord(args, { home, env })).toMatchObject({ status: 0 })
    expect((await account.run('lsf', 'jotta:')).stdout).toBe('')
  }
  expect((await account.run('lsf', 'jotta,trashed_only:')).stdout).toBe('0\n')
})

test('lsd, ls and copy do what the page shows', async () => {
  await using account = await createAccount()
  mkdirSync(join(account.home, 'source/sub'), { recursive: true })
  writeFileSync(join(account.home, 'source/a'), 'hello')
  writeFileSync(join(account.home, 'source/sub/b'), 'hello, world')
  expect(await account.run('copy', join(account.home, 'source'), 'jotta:backup')).toMatchObject({ status: 0 })
  expect((await account.run('lsd', 'jotta:')).stdout).toMatch(/^ +-1 .* backup\n$/)
  expect((await account.run('ls', 'jotta:')).stdout).toBe('        5 backup/a\n       12 backup/sub/b\n')
})

test('metadata is carried with -M; without it a file was born when it was changed', async () => {
  await using account = await createAccount()
  const file = join(account.home, 'a.txt')
  writeFileSync(file, 'x')
  utimesSync(file, 1_600_000_000, 1_600_000_000)
  const mtime = '2020-09-13T12:26:40Z'
  const told = async (...args: readonly string[]): Promise<Record<string, string>> => {
    expect(await account.run('copy', 'a.txt', `jotta:${args.length}`, ...args)).toMatchObject({ status: 0 })
    return JSON.parse((await account.run('lsjson', '-M', `jotta:${args.length}`)).stdout)[0].Metadata
  }
  expect(await told()).toMatchObject({ mtime, btime: mtime, 'content-type': 'text/plain' })
  const born = `${statSync(file).birthtime.toISOString().slice(0, 19)}Z`
  expect(await told('-M')).toMatchObject({ mtime, btime: born })
  const set = await told(
    '-M',
    '--metadata-set',
    'btime=2001-02-03T04:05:06Z',
    '--metadata-set',
    'utime=1999-01-01T00:00:00Z',
  )
  expect(set).toMatchObject({ mtime, btime: '2001-02-03T04:05:06Z' })
  expect(Date.parse(set['utime'] ?? '')).toBeGreaterThan(Date.parse('2024-01-01'))
})
