import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// docs/protocol.md §7.1, items in brackets.
describe.skipIf(rcloneVersion === undefined)('rclone deletes', () => {
  let account: Interop

  beforeAll(async () => {
    account = await createInterop()
  })

  beforeEach(async () => {
    account.emulator.seed([
      { path: 'Archive/dir/a.txt', content: 'hello' },
      { path: 'Archive/dir/sub/b.txt', content: 'world!' },
    ])
    await account.rclone('mkdir', 'j:dir/hollow')
  })

  afterAll(() => account[Symbol.asyncDispose]())

  const counted = (...args: string[]): Promise<Record<string, number>> =>
    account.requests(() => account.rclone(...args))
  const trashed = async (): Promise<string[]> =>
    (await account.rclone('lsf', '-R', '--files-only', '--jottacloud-trashed-only', 'j:')).split('\n').filter(Boolean)

  test('a file to the trash, where it can be seen and read [22, 26, 33]', async () => {
    expect(await counted('deletefile', 'j:dir/a.txt')).toMatchObject({ dl: 1 })
    expect(await account.rclone('lsf', 'j:dir')).toBe('hollow/\nsub/\n')
    const listing = await account.requests(async () => expect(await trashed()).toEqual(['dir/a.txt']))
    expect(listing).not.toHaveProperty('liststream')
    expect(await account.rclone('cat', '--jottacloud-trashed-only', 'j:dir/a.txt')).toBe('hello')
    expect((await account.tryRclone(['cat', 'j:dir/a.txt'])).status).not.toBe(0)
  })

  test('and brings it back by copying the same over it', async () => {
    await account.rclone('deletefile', 'j:dir/a.txt')
    account.files('src', { 'a.txt': 'hello' })
    const counts = await counted('copy', 'src', 'j:dir')
    expect(counts).not.toHaveProperty('upload')
    expect(await account.rclone('cat', 'j:dir/a.txt')).toBe('hello')
    expect(await trashed()).toEqual([])
  })

  test('a file for good, if told so [23]', async () => {
    expect(await counted('deletefile', '--jottacloud-hard-delete', 'j:dir/a.txt')).toMatchObject({ rm: 1 })
    expect(await trashed()).toEqual([])
  })

  test('a file that is not there, with an error', async () => {
    expect((await account.tryRclone(['deletefile', 'j:dir/nothing'])).status).not.toBe(0)
    expect((await account.tryRclone(['purge', 'j:nowhere'])).status).toBe(3)
  })

  test('a folder only if it is empty of living things [24]', async () => {
    const full = await account.tryRclone(['rmdir', '--retries', '1', 'j:dir/sub'])
    expect([full.status, full.stderr.includes('not empty')]).toEqual([1, true])
    await account.rclone('deletefile', 'j:dir/sub/b.txt')
    expect(await counted('rmdir', 'j:dir/sub')).toMatchObject({ dlDir: 1 })
    expect(await account.rclone('lsf', 'j:dir')).toBe('a.txt\nhollow/\n')
  })

  test('folders without files', async () => {
    await account.rclone('mkdir', 'j:dir/hollow/more')
    await account.rclone('rmdirs', 'j:dir')
    expect(await account.contents('dir')).toEqual({ 'a.txt': 'hello', 'sub/b.txt': 'world!' })
    expect(await account.rclone('lsf', '-R', 'j:dir')).not.toContain('hollow')
  })

  test('a tree in one request [24]', async () => {
    expect(await counted('purge', 'j:dir')).toMatchObject({ dlDir: 1 })
    expect((await account.tryRclone(['lsf', 'j:dir'])).status).toBe(3)
    expect(await trashed()).toEqual(['dir/a.txt', 'dir/sub/b.txt'])
    account.emulator.seed([{ path: 'Archive/dir/a.txt', content: 'hello' }])
    expect(await counted('purge', '--jottacloud-hard-delete', 'j:dir')).toMatchObject({ rmDir: 1 })
  })

  test('files by rule, and leaves the folders', async () => {
    expect(await counted('delete', '--include', 'b*', 'j:dir')).toMatchObject({ dl: 1 })
    expect(await account.rclone('lsf', 'j:dir')).toBe('a.txt\nhollow/\nsub/\n')
    expect(await account.rclone('lsf', 'j:dir/sub')).toBe('')
  })

  test('what is in the trash [25]', async () => {
    await account.rclone('purge', 'j:dir')
    expect(await counted('cleanup', 'j:')).toMatchObject({ purgeTrash: 1 })
    expect(await trashed()).toEqual([])
  })
})
