import { describe, expect, test } from 'vitest'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'
import type { FileEntry } from '../../core/entry.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { dialects } from '../../emulator/index.ts'

function put(remote: Remote, path: string, content: string | Buffer): Promise<FileEntry> {
  return remote.write(path, sourceFromBytes(Buffer.from(content)))
}

describe.each(dialects.overQuotaStatus)('an account that is full, and answers %i,', (overQuotaStatus) => {
  test.each([{}, { noVersions: true }])('says so, and keeps what it has, with %j', async (options) => {
    await using account = await emulatedJottacloud({ quota: 3000, dialect: { overQuotaStatus } })
    const remote = account.remote(options)
    await put(remote, 'file', 'a'.repeat(2000))
    const full = { code: 'quota', details: { hint: expect.stringContaining('fjord about jotta:') } }
    await expect(put(remote, 'big', Buffer.alloc(1500, 'b'))).rejects.toMatchObject(full)
    await expect(put(remote, 'file', Buffer.alloc(3500, 'c'))).rejects.toMatchObject({ code: 'quota' })
    await expect(remote.copy?.('file', 'copy')).rejects.toMatchObject(full)
    const unknown = { ...sourceFromBytes(Buffer.alloc(1500, 'd')), size: undefined }
    await expect(remote.write('unknown', unknown)).rejects.toMatchObject(full)
    await put(remote, 'small', 'fits')
    expect(await treeOf(remote)).toEqual({ file: 'a'.repeat(2000), small: 'fits' })
  })
})

describe.each(dialects.lockedStatus)('an account that is locked, and answers %i,', (lockedStatus) => {
  test('for writing says so whatever is to be changed, keeps everything, and can be read', async () => {
    await using account = await emulatedJottacloud({ dialect: { lockedStatus } })
    const remote = account.remote()
    for (const path of ['file', 'dir/file']) await put(remote, path, path)
    await remote.mkdir('empty')
    const tree = await treeOf(remote)
    const entry = (await remote.stat('file')) ?? expect.fail()
    account.emulator.account.set({ writeLocked: true })
    const changes = {
      write: () => put(remote, 'new', 'new'),
      overwrite: () => put(remote, 'file', 'new'),
      known: () => put(remote, 'new', 'file'),
      mkdir: () => remote.mkdir('new'),
      remove: () => remote.remove('file'),
      rmdir: () => remote.rmdir('empty'),
      purge: () => remote.purge?.('dir'),
      copy: () => remote.copy?.('file', 'copy'),
      move: () => remote.move?.('file', 'moved'),
      moveDir: () => remote.moveDir?.('dir', 'moved'),
      setTimes: () => remote.setTimes?.(entry, { modified: 0n }),
    }
    for (const [what, change] of Object.entries(changes)) {
      const locked = { code: 'locked', details: { hint: expect.stringContaining('locked for writing') } }
      await expect(change(), what).rejects.toMatchObject(locked)
    }
    expect(await treeOf(remote)).toEqual(tree)
    account.emulator.account.set({ writeLocked: false })
    await put(remote, 'new', 'new')
    expect(await treeOf(remote)).toEqual({ ...tree, new: 'new' })
  })

  test('for everything is a clear error of every operation', async () => {
    await using account = await emulatedJottacloud({ dialect: { lockedStatus } })
    const remote = account.remote()
    await put(remote, 'file', 'x')
    account.emulator.account.set({ locked: true })
    const refused = { message: expect.stringContaining('locked'), details: { status: lockedStatus } }
    await expect(remote.stat('file')).rejects.toMatchObject(refused)
    await expect(remote.open('file')).rejects.toMatchObject(refused)
    await expect(put(remote, 'new', 'x')).rejects.toMatchObject(refused)
    await expect(remote.remove('file')).rejects.toMatchObject(refused)
    account.emulator.account.set({ locked: false })
    expect(await treeOf(remote)).toEqual({ file: 'x' })
  })
})
