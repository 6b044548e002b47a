import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FileCalls, followLinks, replaceFile } from './atomic-file.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'atomic-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true })
})

function failing(code: string): Error {
  return Object.assign(new Error(code), { code })
}

const refusingRename = (code: string): FileCalls => ({ open, rename: () => Promise.reject(failing(code)) })

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777
}

describe('replacing a file', () => {
  test('makes a new one with its folders and the mode asked for', async () => {
    const path = join(dir, 'a/b/c')
    await replaceFile(path, 'new', { mode: 0o600 })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await modeOf(path)).toBe(0o600)
    expect(await readdir(join(dir, 'a/b'))).toEqual(['c'])
  })

  test('keeps the mode of the old one and follows symbolic links', async () => {
    const [path, via] = [join(dir, 'c'), join(dir, 'link')]
    await writeFile(path, 'old')
    await chmod(path, 0o640)
    await symlink('c', via)
    await replaceFile(via, 'new', { mode: 0o600 })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await modeOf(path)).toBe(0o640)
    expect(await readlink(via)).toBe('c')
  })

  test('takes away what a killed writer has left, and nothing of one at work or of another file', async () => {
    const path = join(dir, 'c')
    const [left, fresh, other, named] = ['c.0123456789ab.new', 'c.ba9876543210.new', 'd.0123456789ab.new', 'c.new']
    const longAgo = new Date(Date.now() - 120_000)
    for (const name of [left, fresh, other, named]) await writeFile(join(dir, name), 'secret', { mode: 0o600 })
    for (const name of [left, other, named]) await utimes(join(dir, name), longAgo, longAgo)
    await replaceFile(path, 'new', { mode: 0o600 })
    expect((await readdir(dir)).toSorted()).toEqual(['c', named, fresh, other].toSorted())
  })

  test('makes the target of a link that leads nowhere yet', async () => {
    await mkdir(join(dir, 'real'))
    await symlink('real/c', join(dir, 'link'))
    await replaceFile(join(dir, 'link'), 'new', { mode: 0o600 })
    expect(await readFile(join(dir, 'real/c'), 'utf8')).toBe('new')
    expect(await followLinks(join(dir, 'link'))).toBe(await followLinks(join(dir, 'real/c')))
  })

  test.each(['EBUSY', 'EXDEV'])(
    'writes in place where the rename is refused with %s, and leaves no copy',
    async (code) => {
      const path = join(dir, 'c')
      await writeFile(path, 'an old and longer text')
      const { ino } = await stat(path)
      await replaceFile(path, 'new', { mode: 0o600, calls: refusingRename(code) })
      expect(await readFile(path, 'utf8')).toBe('new')
      expect((await stat(path)).ino).toBe(ino)
      expect(await readdir(dir)).toEqual(['c'])
    },
  )

  test('keeps the old content in a copy while it writes in place, and puts it back after a failure', async () => {
    const path = join(dir, 'c')
    await writeFile(path, 'old')
    let copy: string | undefined
    const calls: FileCalls = {
      rename: () => Promise.reject(failing('EBUSY')),
      open: async (name, flags, mode) => {
        const handle = await open(name, flags, mode)
        if (flags !== 'r+') return handle
        const write = handle.write.bind(handle)
        let first = true
        handle.write = async (...args: unknown[]) => {
          if (!first) return Reflect.apply(write, handle, args)
          first = false
          const kept = (await readdir(dir)).find((entry) => entry.endsWith('.old-content'))
          copy = kept && (await readFile(join(dir, kept), 'utf8'))
          await Reflect.apply(write, handle, ['ne', 0])
          throw failing('ENOSPC')
        }
        return handle
      },
    }
    await expect(replaceFile(path, 'new text', { mode: 0o600, calls })).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(copy).toBe('old')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(dir)).toEqual(['c'])
  })

  test('puts the copy into another folder where none can be made beside the file', async () => {
    const [path, backupDir] = [join(dir, 'c'), join(dir, 'state')]
    await writeFile(path, 'old')
    const refused: string[] = []
    const calls: FileCalls = {
      rename,
      open: async (name, flags, mode) => {
        if (flags === 'wx' && !name.startsWith(backupDir)) {
          refused.push(name)
          throw failing('EROFS')
        }
        return open(name, flags, mode)
      },
    }
    await replaceFile(path, 'new', { mode: 0o600, calls, backupDir })
    expect(refused).toHaveLength(2)
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(backupDir)).toEqual([])
  })

  test('leaves the old file as it was where no copy of it can be kept', async () => {
    const path = join(dir, 'c')
    await writeFile(path, 'old')
    const calls: FileCalls = {
      rename,
      open: (name, flags, mode) => (flags === 'wx' ? Promise.reject(failing('EROFS')) : open(name, flags, mode)),
    }
    await expect(replaceFile(path, 'new', { mode: 0o600, calls })).rejects.toMatchObject({ code: 'EROFS' })
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  test('leaves the old file as it was on a full disk', async () => {
    const path = join(dir, 'c')
    await writeFile(path, 'old')
    const calls: FileCalls = {
      rename,
      open: async (name, flags, mode) => {
        const handle = await open(name, flags, mode)
        handle.sync = () => Promise.reject(failing('ENOSPC'))
        return handle
      },
    }
    await expect(replaceFile(path, 'new', { mode: 0o600, calls })).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(dir)).toEqual(['c'])
  })
})
