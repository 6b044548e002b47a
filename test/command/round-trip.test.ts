import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAccount } from './fjord.ts'
import { makeDeepTree, makeOddTree, setTime, snapshot } from './trees.ts'

describe('a folder goes up and comes back', () => {
  test('with odd names, an empty file and an empty folder, equal in bytes, names and seconds', async () => {
    await using account = await createAccount()
    const mine = join(account.home, 'mine')
    makeOddTree(mine)
    setTime(join(mine, 'empty file'), 1_000_000_000)
    const up = await account.run('copy', mine, 'jotta:odd', '--create-empty-src-dirs')
    expect(up).toEqual({ status: 0, stdout: '', stderr: expect.not.stringContaining('ERROR') })
    expect(await account.run('copy', 'jotta:odd', join(account.home, 'back'), '--create-empty-src-dirs')).toMatchObject(
      { status: 0 },
    )
    expect(snapshot(join(account.home, 'back'))).toEqual(snapshot(mine))
  })

  test('300 levels deep', async () => {
    await using account = await createAccount()
    const mine = join(account.home, 'mine')
    makeDeepTree(mine, 300)
    expect(await account.run('copy', mine, 'jotta:deep')).toMatchObject({ status: 0, stderr: '' })
    expect(await account.run('copy', 'jotta:deep', join(account.home, 'back'))).toMatchObject({ status: 0, stderr: '' })
    expect(snapshot(join(account.home, 'back'))).toEqual(snapshot(mine))
  })

  test('with a file of 64 MiB', async () => {
    await using account = await createAccount()
    mkdirSync(join(account.home, 'mine'))
    const content = randomBytes(64 << 20)
    writeFileSync(join(account.home, 'mine/big.bin'), content)
    expect(await account.run('copy', 'mine', 'jotta:')).toMatchObject({ status: 0 })
    expect(await account.run('copy', 'jotta:big.bin', 'back')).toMatchObject({ status: 0 })
    expect(readFileSync(join(account.home, 'back/big.bin')).equals(content)).toBe(true)
  })

  test('copied again, nothing is sent; after one change, one file is', async () => {
    await using account = await createAccount()
    const mine = join(account.home, 'mine')
    makeOddTree(mine)
    await account.run('copy', mine, 'jotta:odd')
    account.emulator.counters.reset()
    const again = await account.run('copy', mine, 'jotta:odd', '-v')
    expect(again.stderr).toContain('There was nothing to transfer')
    writeFileSync(join(mine, 'empty file'), 'no longer empty')
    const changed = await account.run('copy', mine, 'jotta:odd', '-v', '--stats', '0')
    expect(changed.stderr.match(/Copied/g)).toHaveLength(1)
    expect(changed.stderr).toContain('empty file: Copied (replaced existing)')
  })

  test('--dry-run says what it would do and does nothing', async () => {
    await using account = await createAccount()
    makeOddTree(join(account.home, 'mine'))
    const dry = await account.run('copy', 'mine', 'jotta:odd', '-n')
    expect(dry.stderr).toContain('empty file: Skipped copy as --dry-run is set (size 0)')
    expect(await account.run('lsf', 'jotta:')).toMatchObject({ status: 0, stdout: '' })
  })

  test('--checksum sends what differs in content alone', async () => {
    await using account = await createAccount()
    mkdirSync(join(account.home, 'mine'))
    const file = join(account.home, 'mine/a')
    writeFileSync(file, 'one')
    setTime(file, 1_000_000_000)
    await account.run('copy', 'mine', 'jotta:')
    writeFileSync(file, 'two')
    setTime(file, 1_000_000_000)
    await account.run('copy', 'mine', 'jotta:')
    expect((await account.run('cat', 'jotta:a')).stdout).toBe('one')
    await account.run('copy', '--checksum', 'mine', 'jotta:')
    expect((await account.run('cat', 'jotta:a')).stdout).toBe('two')
  })
})
