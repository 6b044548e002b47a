import { execFileSync } from 'node:child_process'
import {
  chmod,
  mkdtemp,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../test/support/as-nobody.ts'
import type { Logger } from '../core/context.ts'
import type { FileCalls } from '../util/atomic-file.ts'
import { type ConfigFile, loadConfig } from './file.ts'
import { removeSection, setKeys } from './ini.ts'

let dir = ''
let path = ''
let logged: string[] = []
const log: Logger = { log: ({ level, text }) => void logged.push(`${level}: ${text}`), enabled: () => true }

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'config-'))
  path = join(dir, 'rclone.conf')
  logged = []
})
afterEach(async () => {
  await chmod(dir, 0o700)
  await rm(dir, { recursive: true })
})

function load(file: string | undefined = path, calls?: FileCalls): Promise<ConfigFile> {
  return loadConfig(file, { log, stateDir: join(dir, 'state'), ...(calls && { calls }) })
}

const refusing = (code: string): FileCalls => ({
  open,
  rename: () => Promise.reject(Object.assign(new Error(code), { code })),
})

const addSection = (config: ConfigFile, name: string): Promise<void> =>
  config.edit((ini) => setKeys(ini, name, { k: '1' }))

const set = (config: ConfigFile, value: string): Promise<void> => config.edit((ini) => setKeys(ini, 'a', { k: value }))

describe('loading', () => {
  test('gives the sections in order and their values', async () => {
    await writeFile(path, '[b]\ntype = local\n[a]\nx = %(type)s\ntype = alias\n')
    const config = await load()
    expect(config.names()).toEqual(['b', 'a'])
    expect(config.get('a')).toEqual({ x: 'alias', type: 'alias' })
    expect(config.get('zz')).toBeUndefined()
    expect(config.exists).toBe(true)
  })

  test('says once that a file is missing, and takes it for empty', async () => {
    const config = await load()
    expect(config.names()).toEqual([])
    await config.refresh()
    expect(logged).toEqual([`NOTICE: Config file "${path}" not found - using defaults`])
  })

  test('names the file and the line that cannot be read', async () => {
    await writeFile(path, '[a]\ntype = alias\njustaword\n')
    const message = `Failed to load config file "${path}": could not parse line: justaword`
    await expect(load()).rejects.toMatchObject({ code: 'config', message })
  })

  test('names a folder that stands in its place', async () => {
    await expect(load(dir)).rejects.toThrow(`Failed to load config file "${dir}": read ${dir}: is a directory`)
  })

  test('waits while rclone puts a new file in the place of the old one', async () => {
    await writeFile(`${path}.old`, '[a]\nk = 1\n')
    const loading = load()
    setTimeout(() => void rename(`${path}.old`, path), 40)
    expect((await loading).get('a')).toEqual({ k: '1' })
  })

  test('says where the old content is when writing in place was interrupted', async () => {
    const copy = `${path}.0123456789ab.old-content`
    await writeFile(copy, '[a]\nk = 1\n')
    await writeFile(path, '[a]\nk')
    await expect(load()).rejects.toThrow('could not parse line: k')
    expect(logged).toEqual([expect.stringContaining(`its content from before is in "${copy}"`)])
  })

  test.skipIf(process.platform === 'win32')('that is a pipe is read once, and cannot be saved', async () => {
    const fifo = join(dir, 'fifo')
    execFileSync('sh', ['-c', 'mkfifo "$0"', fifo])
    const writing = writeFile(fifo, '[a]\nk = 1\n\n')
    const config = await load(fifo)
    await writing
    await config.refresh()
    expect(await config.locked(({ ini }) => Promise.resolve(ini.map(({ name }) => name)))).toEqual(['a'])
    await expect(set(config, '2')).rejects.toMatchObject({
      code: 'read-only',
      message: `could not save the config file "${fifo}": it is a pipe`,
    })
    expect(config.get('a')).toEqual({ k: '1' })
    expect((await readdir(dir)).toSorted()).toEqual(['fifo', 'state'])
  })

  test('keeps bytes that are no UTF-8', async () => {
    await writeFile(path, Buffer.from('[a]\nx = \xff\xe9\n', 'latin1'))
    await set(await load(), '1')
    expect(await readFile(path, 'latin1')).toBe('[a]\nx = \xff\xe9\nk = 1\n\n')
  })
})

describe('editing', () => {
  test('keeps what is not known, comments, mode and a symbolic link (config-save-keeps)', async () => {
    const real = join(dir, 'real')
    await writeFile(real, '# top\n\n; about a\n[a]\n; about k\nk = 1\n\n[drive]\ntype = drive\nscope = x\n')
    await chmod(real, 0o640)
    await symlink('real', path)
    await set(await load(), '2')
    expect(await readFile(real, 'utf8')).toBe(
      '# top\n; about a\n[a]\n; about k\nk = 2\n\n[drive]\ntype = drive\nscope = x\n\n',
    )
    expect((await stat(real)).mode & 0o777).toBe(0o640)
    expect(await readlink(path)).toBe('real')
  })

  test('makes a missing file with mode 0600, also without a change', async () => {
    const config = await load(join(dir, 'sub/new.conf'))
    await config.edit((ini) => ini)
    expect(await readFile(join(dir, 'sub/new.conf'), 'utf8')).toBe('')
    expect((await stat(join(dir, 'sub/new.conf'))).mode & 0o777).toBe(0o600)
    expect(config.exists).toBe(true)
  })

  test('builds on what another program has saved meanwhile', async () => {
    const [one, two] = [await load(), await load()]
    await one.edit((ini) => setKeys(ini, 'x', { k: '1' }))
    await two.edit((ini) => setKeys(ini, 'y', { k: '2' }))
    await one.refresh()
    expect(one.names()).toEqual(['x', 'y'])
  })

  test('of many at once loses nothing', async () => {
    const [one, two] = [await load(), await load()]
    const names = Array.from({ length: 12 }, (_, n) => `s${n}`)
    await Promise.all(names.map((name, n) => addSection(n % 2 === 0 ? one : two, name)))
    expect((await load()).names().toSorted()).toEqual(names.toSorted())
  })

  test('starts from nothing when the file was removed', async () => {
    await writeFile(path, '[a]\nk = 1\n')
    const config = await load()
    await unlink(path)
    await config.edit((ini) => setKeys(ini, 'b', { k: '2' }))
    expect(await readFile(path, 'utf8')).toBe('[b]\nk = 2\n\n')
  })

  test('refuses to write over a file that cannot be read any more', async () => {
    await writeFile(path, '[a]\nk = 1\n')
    const config = await load()
    await writeFile(path, 'half a wo')
    await expect(set(config, '2')).rejects.toThrow('could not parse line: half a wo')
    expect(await readFile(path, 'utf8')).toBe('half a wo')
  })

  test('on a full disk leaves the file as it was, and says which and what to do', async () => {
    await writeFile(path, '[a]\nk = 1\n')
    const failure = set(await load(path, refusing('ENOSPC')), '2')
    await expect(failure).rejects.toMatchObject({
      code: 'disk-full',
      message: `could not save the config file "${path}": no space left on device`,
      details: { hint: expect.stringContaining('Free some space') },
    })
    expect(await readFile(path, 'utf8')).toBe('[a]\nk = 1\n')
    expect((await readdir(dir)).filter((name) => name !== 'state')).toEqual(['rclone.conf'])
  })

  test('writes in place where the file cannot be replaced', async () => {
    await writeFile(path, '[a]\nk = 1\n')
    const { ino } = await stat(path)
    await set(await load(path, refusing('EBUSY')), '2')
    expect(await readFile(path, 'utf8')).toBe('[a]\nk = 2\n\n')
    expect((await stat(path)).ino).toBe(ino)
  })

  test('without the right to write leaves the file as it was', async () => {
    await writeFile(path, '[a]\nk = 1\n')
    await chmod(path, 0o444)
    await chmod(dir, 0o555)
    await asNobody(async () => {
      await expect(set(await load(), '2')).rejects.toMatchObject({ code: 'permission' })
    })
    expect(await readFile(path, 'utf8')).toBe('[a]\nk = 1\n')
  })

  test('in memory touches no disk and needs no lock', async () => {
    const config = await loadConfig(undefined, { log, stateDir: '/proc/nowhere' })
    await set(config, '1')
    expect(config.get('a')).toEqual({ k: '1' })
    await config.edit((ini) => removeSection(ini, 'a'))
    expect(config.names()).toEqual([])
    expect(logged).toEqual([])
  })
})
