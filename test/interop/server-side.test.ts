import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// docs/protocol.md §7.1, items in brackets. Renaming a file inside one folder below the root is left out: §6.3, quirk 26.
describe.skipIf(rcloneVersion === undefined)('rclone has the server', () => {
  let account: Interop

  beforeAll(async () => {
    account = await createInterop()
    account.emulator.seed([
      { path: 'Archive/dir/a.txt', content: 'hello', modified: Date.parse('2020-07-01T12:00:00Z') },
      { path: 'Archive/dir/sub/b.txt', content: 'world!' },
    ])
  })

  afterAll(() => account[Symbol.asyncDispose]())

  async function moves(...args: string[]): Promise<Record<string, number>> {
    const counts = await account.requests(() => account.rclone(...args))
    for (const operation of ['download', 'allocate', 'upload']) expect(counts).not.toHaveProperty(operation)
    return counts
  }

  test('copy a file, time and all [19]', async () => {
    expect(await moves('copyto', 'j:dir/a.txt', 'j:other/b.txt')).toMatchObject({ mkDir: 1, cp: 1 })
    expect(await account.contents('other')).toEqual({ 'b.txt': 'hello' })
    expect(await account.rclone('lsf', '--format', 't', 'j:other')).toBe('2020-07-01 12:00:00\n')
    expect(await moves('copy', 'j:dir', 'j:whole')).toMatchObject({ cp: 2 })
    expect(await account.contents('whole')).toEqual({ 'a.txt': 'hello', 'sub/b.txt': 'world!' })
  })

  test('copy onto a trashed file, and wakes it [19]', async () => {
    await account.rclone('deletefile', 'j:other/b.txt')
    expect(await moves('copyto', 'j:dir/sub/b.txt', 'j:other/b.txt')).toMatchObject({ cp: 1, cphash: 1 })
    expect(await account.contents('other')).toEqual({ 'b.txt': 'world!' })
  })

  test('copy onto a live file', async () => {
    await moves('copyto', 'j:dir/a.txt', 'j:other/b.txt')
    expect(await account.contents('other')).toEqual({ 'b.txt': 'hello' })
  })

  test('move a file [20]', async () => {
    expect(await moves('moveto', 'j:other/b.txt', 'j:moved/c.txt')).toMatchObject({ mkDir: 1, mv: 1 })
    expect(await account.contents('moved')).toEqual({ 'c.txt': 'hello' })
    expect(await account.contents('other')).toEqual({})
  })

  test('rename a file in the root [20]', async () => {
    await moves('copyto', 'j:dir/a.txt', 'j:one')
    expect(await moves('moveto', 'j:one', 'j:two')).toMatchObject({ mv: 1 })
    expect(await account.rclone('cat', 'j:two')).toBe('hello')
  })

  test('move a folder at once [21]', async () => {
    const counts = await moves('moveto', 'j:whole', 'j:elsewhere/whole')
    expect(counts).toMatchObject({ mvDir: 1 })
    expect(counts).not.toHaveProperty('mv')
    expect(await account.contents('elsewhere')).toEqual({ 'whole/a.txt': 'hello', 'whole/sub/b.txt': 'world!' })
    expect((await account.tryRclone(['lsf', 'j:whole'])).status).toBe(3)
  })

  test('move a folder with a strange name [21, 39]', async () => {
    await account.rclone('mkdir', 'j:strange, & =;[]{}')
    await account.rclone('copyto', 'j:dir/a.txt', 'j:strange, & =;[]{}/a.txt')
    expect(await moves('moveto', 'j:strange, & =;[]{}', 'j:stranger + # %? *')).toMatchObject({ mvDir: 1 })
    expect(await account.contents('stranger + # %? *')).toEqual({ 'a.txt': 'hello' })
  })

  test('merge one folder into another, file by file', async () => {
    await account.rclone('copyto', 'j:dir/a.txt', 'j:merged/was')
    expect(await moves('move', 'j:elsewhere/whole', 'j:merged')).toMatchObject({ mv: 2 })
    expect(await account.contents('merged')).toEqual({ was: 'hello', 'a.txt': 'hello', 'sub/b.txt': 'world!' })
  })

  test('change only the case of a name, in two steps', async () => {
    await account.rclone('copyto', 'j:dir/a.txt', 'j:case')
    await moves('moveto', 'j:case', 'j:CASE')
    expect(await account.rclone('lsf', 'j:')).toMatch(/^CASE$/m)
    expect(await account.rclone('lsf', 'j:')).not.toMatch(/^case$/m)
  })

  test('keep what sync replaces or removes', async () => {
    account.files('src', { 'a.txt': 'of another size' })
    await account.rclone('copy', 'j:dir', 'j:backed')
    const synced = await account.requests(() => account.rclone('sync', 'src', 'j:backed', '--backup-dir', 'j:backup'))
    expect(synced).toMatchObject({ mv: 2, allocate: 1 })
    expect(await account.contents('backup')).toEqual({ 'a.txt': 'hello', 'sub/b.txt': 'world!' })
    expect(await account.contents('backed')).toEqual({ 'a.txt': 'of another size' })
  })

  test('follow a renamed file instead of sending it again', async () => {
    account.files('tracked', { 'before.txt': 'the same content all along' })
    await account.rclone('sync', 'tracked', 'j:tracked')
    await account.rclone('moveto', 'tracked/before.txt', 'tracked/after.txt')
    const counts = await moves('sync', '--track-renames', 'tracked', 'j:tracked')
    expect(counts).toMatchObject({ mv: 1 })
    expect(await account.rclone('lsf', 'j:tracked')).toBe('after.txt\n')
  })
})
