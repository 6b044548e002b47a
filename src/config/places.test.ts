import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findConfigPath, stateFolder, type Surroundings } from './places.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-'))
})
afterEach(() => rm(home, { recursive: true }))

function around(environment: Record<string, string> = {}, more: Partial<Surroundings> = {}): Surroundings {
  return { environment: { HOME: home, ...environment }, cwd: '/work', platform: 'linux', ...more }
}

async function touch(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '')
  return path
}

describe('where the config file is', () => {
  test('what is named counts, the flag before the variable, and is made absolute', async () => {
    expect(await findConfigPath('x.conf', around({ RCLONE_CONFIG: 'y.conf' }))).toBe('/work/x.conf')
    expect(await findConfigPath(undefined, around({ RCLONE_CONFIG: 'y.conf' }))).toBe('/work/y.conf')
  })

  test.each(['', '/dev/null', 'notfound', '/a/notfound'])('%j is in memory only', async (named) => {
    expect(await findConfigPath(named, around())).toBeUndefined()
    expect(await findConfigPath(undefined, around({ RCLONE_CONFIG: named }))).toBeUndefined()
  })

  test('NUL is in memory only on Windows', async () => {
    expect(await findConfigPath('nul', around({}, { platform: 'win32' }))).toBeUndefined()
    expect(await findConfigPath('nul', around())).toBe('/work/nul')
  })

  test('the first that exists is taken: beside the program, XDG_CONFIG_HOME, ~/.config, ~/.rclone.conf', async () => {
    const xdg = { XDG_CONFIG_HOME: join(home, 'xdg') }
    const programDir = join(home, 'bin')
    const old = await touch(join(home, '.rclone.conf'))
    expect(await findConfigPath(undefined, around(xdg, { programDir }))).toBe(old)
    const usual = await touch(join(home, '.config/rclone/rclone.conf'))
    expect(await findConfigPath(undefined, around(xdg, { programDir }))).toBe(usual)
    const first = await touch(join(home, 'xdg/rclone/rclone.conf'))
    expect(await findConfigPath(undefined, around(xdg, { programDir }))).toBe(first)
    const beside = await touch(join(programDir, 'rclone.conf'))
    expect(await findConfigPath(undefined, around(xdg, { programDir }))).toBe(beside)
  })

  test('a new one goes to XDG_CONFIG_HOME or ~/.config, whose folder is made for its owner alone', async () => {
    expect(await findConfigPath(undefined, around())).toBe(join(home, '.config/rclone/rclone.conf'))
    expect((await stat(join(home, '.config/rclone'))).mode & 0o777).toBe(0o700)
    const xdg = around({ XDG_CONFIG_HOME: join(home, 'xdg') }, { programDir: join(home, 'bin') })
    expect(await findConfigPath(undefined, xdg)).toBe(join(home, 'xdg/rclone/rclone.conf'))
  })

  test('a new one goes to ~/.rclone.conf where that folder cannot be made', async () => {
    await writeFile(join(home, '.config'), '')
    expect(await findConfigPath(undefined, around())).toBe(join(home, '.rclone.conf'))
  })
})

test('the state folder is where XDG_STATE_HOME says, if that is absolute', () => {
  expect(stateFolder(around())).toBe(join(home, '.local/state/fjord'))
  expect(stateFolder(around({ XDG_STATE_HOME: '/s' }))).toBe('/s/fjord')
  expect(stateFolder(around({ XDG_STATE_HOME: 's' }))).toBe(join(home, '.local/state/fjord'))
})
