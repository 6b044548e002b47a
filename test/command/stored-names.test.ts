import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { createAccount } from './fjord.ts'

/** What other programs have stored in ways that fjord never would; the last one is decomposed. */
const theirs = ['50%.txt', 'a:b', 'trip: 1/what? "so"', 'trip: 1/100%', 'cafe\u0301']
/** The same files on a disk of somebody who composes accents. */
const ours = theirs.map((path) => path.normalize('NFC'))

describe('names that others stored their own way', () => {
  let account: Account
  let work = ''
  beforeAll(async () => {
    account = await createAccount()
  })
  beforeEach(async () => {
    await account.run('purge', 'jotta:theirs')
    seed()
    work = mkdtempSync(join(account.home, 'work-'))
    for (const path of ours) write(path, contentOf(path))
    account.emulator.counters.reset()
  })
  afterAll(async () => {
    await account[Symbol.asyncDispose]()
  })

  function seed(): void {
    const files = theirs.map((path) => ({ path: `Archive/theirs/${path}`, content: contentOf(path), asStored: true }))
    account.emulator.seed(files)
  }

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), content)
  }

  const run = (...args: readonly string[]): Promise<Ran> => account.run(...args)
  const uploads = (): number => account.emulator.counters.of('allocate').requests

  /** The paths as stored. */
  async function stored(dir = 'theirs'): Promise<readonly string[]> {
    const { stdout } = await account.run('lsf', '-R', '--files-only', `jotta,encoding=None:${dir}`)
    return stdout.split('\n').filter(Boolean).toSorted()
  }

  test('come down under their names, and do not go up a second time', async () => {
    expect(await run('copy', 'jotta:theirs', 'down')).toMatchObject({ status: 0 })
    for (const path of theirs) expect(readFileSync(join(account.home, 'down', path), 'utf8')).toBe(contentOf(path))
    rmSync(join(account.home, 'down'), { recursive: true })
    for (const command of [['copy'], ['sync', '--fast-list']]) {
      expect(await run(...command, '--checksum', work, 'jotta:theirs')).toMatchObject({ status: 0 })
    }
    expect(uploads()).toBe(0)
    expect(await stored()).toEqual(theirs.toSorted())
  })

  test('are checked in both directions', async () => {
    for (const args of [
      [work, 'jotta:theirs'],
      ['jotta:theirs', work, '--fast-list'],
    ]) {
      expect(await run('check', ...args)).toMatchObject({
        status: 0,
        stderr: expect.stringContaining(`${theirs.length} matching files`),
      })
    }
    write('a:b', 'changed')
    expect((await run('check', work, 'jotta:theirs')).stderr).toContain('a:b: sizes differ')
  })

  test('are replaced where they are, and removed by sync', async () => {
    for (const path of ours) write(path, `new ${path}`)
    rmSync(join(work, 'trip: 1/100%'))
    expect(await run('sync', '--fast-list', work, 'jotta:theirs')).toMatchObject({ status: 0 })
    expect(await stored()).toEqual(theirs.filter((path) => path !== 'trip: 1/100%').toSorted())
    for (const path of theirs.filter((one) => one !== 'trip: 1/100%')) {
      const { stdout } = await run('cat', `jotta:theirs/${path}`)
      expect(stdout).toBe(`new ${path.normalize('NFC')}`)
    }
  })

  test('move up and down, and within the account', async () => {
    for (const path of ours) write(path, `new ${path}`)
    expect(await run('move', work, 'jotta:theirs')).toMatchObject({ status: 0 })
    expect(await stored()).toEqual(theirs.toSorted())
    expect(await run('move', 'jotta:theirs', 'jotta:theirs moved')).toMatchObject({ status: 0 })
    expect(await stored()).toEqual([])
    expect((await stored('theirs moved')).length).toBe(theirs.length)
    expect(await run('move', 'jotta:theirs moved', 'moved')).toMatchObject({ status: 0 })
    for (const path of theirs) {
      expect(readFileSync(join(account.home, 'moved', path), 'utf8')).toBe(`new ${path.normalize('NFC')}`)
    }
    expect(await stored('theirs moved')).toEqual([])
    rmSync(join(account.home, 'moved'), { recursive: true })
  })

  test('are deleted, alone and by filter', async () => {
    expect(await run('delete', 'jotta:theirs', '--include', '*%*')).toMatchObject({ status: 0 })
    expect(await stored()).toEqual(theirs.filter((path) => !path.includes('%')).toSorted())
    expect(await run('deletefile', 'jotta:theirs/a:b')).toMatchObject({ status: 0 })
    expect(await run('purge', 'jotta:theirs/trip: 1')).toMatchObject({ status: 0 })
    expect(await stored()).toEqual(['cafe\u0301'])
  })
})

function contentOf(path: string): string {
  return `content of ${path.normalize('NFC')}`
}
