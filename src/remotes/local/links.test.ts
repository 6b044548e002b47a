import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { Buffer } from 'node:buffer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogRecord } from '../../core/context.ts'
import type { Entry } from '../../core/entry.ts'
import type { StorageError } from '../../core/errors.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second } from '../../core/time.ts'
import type { LocalOptions } from './index.ts'
import { createLocalRemote } from './index.ts'

let dir = ''
let records: LogRecord[] = []
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-links-`)
  records = []
  mkdirSync(`${dir}/real/sub`, { recursive: true })
  writeFileSync(`${dir}/real/file`, 'content')
  symlinkSync('real/file', `${dir}/link`)
  symlinkSync('real', `${dir}/dirlink`)
  symlinkSync('nowhere', `${dir}/broken`)
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('links without options', () => {
  test('are left out of a listing with a notice, and are absent', async () => {
    const remote = open({})
    expect(await names(remote)).toEqual(['real'])
    expect(records.map((r) => [r.level, r.object, r.text]).sort(byText)).toEqual(
      ['broken', 'dirlink', 'link'].map((name) => ['NOTICE', at(name), "Can't follow symlink without -L/--copy-links"]),
    )
    expect(await remote.stat(at('link'))).toBeUndefined()
    await expect(remote.open(at('link'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(remote.remove(at('link'))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('are not overwritten by a move that is to replace nothing', async () => {
    const remote = open({})
    for (const link of ['link', 'dirlink', 'broken'])
      await expect(remote.move?.(at('real/file'), at(link), { replaceNothing: true })).rejects.toMatchObject({
        code: 'exists',
      })
    expect(readlinkSync(`${dir}/link`)).toBe('real/file')
    expect(readFileSync(`${dir}/real/file`, 'utf8')).toBe('content')
  })

  test('are left out silently with skipLinks', async () => {
    expect(await names(open({ skipLinks: true }))).toEqual(['real'])
    expect(records).toEqual([])
  })

  test('a link to a directory can still be listed by its own path', async () => {
    expect(await names(open({}), 'dirlink')).toEqual(['dirlink/file', 'dirlink/sub'])
  })

  test('a link to a file is no directory, and one that leads nowhere is not there', async () => {
    const message = `failed to read directory entry: readdirent ${dir}/link: not a directory`
    await expect(names(open({}), 'link')).rejects.toMatchObject({ code: 'not-dir', message })
    await expect(names(open({}), 'broken')).rejects.toMatchObject({ code: 'dir-not-found' })
    await expect(names(open({}), 'real/file')).rejects.toMatchObject({ code: 'dir-not-found' })
  })

  test.each(['link', 'dirlink', 'broken'])(
    '%s is moved as what it is where a whole directory would be',
    async (link) => {
      const target = readlinkSync(`${dir}/${link}`)
      await open({}).moveDir?.(at(link), at('new/name'))
      expect(readlinkSync(`${dir}/new/name`)).toBe(target)
      expect(lstatSync(`${dir}/${link}`, { throwIfNoEntry: false })).toBeUndefined()
    },
  )

  test('a link is replaced by a write, what it points to stays', async () => {
    await open({}).write(at('link'), sourceFromBytes(Buffer.from('new')))
    expect(readFileSync(`${dir}/real/file`, 'utf8')).toBe('content')
    expect(lstatSync(`${dir}/link`).isFile()).toBe(true)
  })

  test('two paths to one directory have one identity', () => {
    const remote = open({})
    expect(remote.identity(at('dirlink/sub/new'))).toEqual(remote.identity(at('real/sub/new')))
    expect(remote.identity(at('real/file'))).not.toEqual(remote.identity(at('real/other')))
  })
})

describe('links with copyLinks', () => {
  test('a link to a directory is removed as one, when nothing is in it', async () => {
    symlinkSync('real/sub', `${dir}/sublink`)
    const remote = open({ copyLinks: true })
    await expect(remote.rmdir(at('dirlink'))).rejects.toMatchObject({ code: 'not-empty' })
    await remote.rmdir(at('sublink'))
    expect(await names(remote, 'real')).toEqual(['real/file', 'real/sub'])
    expect(await remote.stat(at('sublink'))).toBeUndefined()
  })

  test('are what they lead to; a broken one is reported and the listing goes on', async () => {
    const errors: StorageError[] = []
    const remote = open({ copyLinks: true, displayFrom: dir })
    expect(await names(remote, '', errors)).toEqual(['dirlink', 'link', 'real'])
    expect(errors.map((e) => [e.code, e.message, e.details.path])).toEqual([
      ['not-found', 'symlink: stat broken: no such file or directory', at('broken')],
    ])
    expect(await remote.stat(at('link'))).toMatchObject({ kind: 'file', size: 7 })
    expect(await text(remote, 'link')).toBe('content')
  })

  test('without anybody to tell, the error is thrown after the entries', async () => {
    const seen: Entry[] = []
    const listing = async (): Promise<void> => {
      for await (const page of open({ copyLinks: true }).list(at(''))) seen.push(...page)
    }
    await expect(listing()).rejects.toMatchObject({ code: 'not-found' })
    expect(seen).toHaveLength(3)
  })

  test('a link back to a directory above is an error, not an endless tree', async () => {
    symlinkSync('..', `${dir}/real/sub/up`)
    const errors: StorageError[] = []
    expect(await names(open({ copyLinks: true }), 'real/sub', errors)).toEqual([])
    expect(errors).toMatchObject([{ code: 'unsupported', details: { path: at('real/sub/up') } }])
  })

  test('a link is not moved to where it would lead elsewhere', async () => {
    const remote = open({ copyLinks: true })
    await expect(remote.move?.(at('link'), at('real/sub/link'))).rejects.toMatchObject({ code: 'unsupported' })
    expect(await text(remote, 'link')).toBe('content')
    await remote.move?.(at('link'), at('other'))
    expect(await text(remote, 'other')).toBe('content')
    symlinkSync(`${dir}/real/file`, `${dir}/whole`)
    await remote.move?.(at('whole'), at('real/sub/whole'))
    expect(await text(remote, 'real/sub/whole')).toBe('content')
  })

  test('a directory behind a link is not replaced by a file', async () => {
    const write = open({ copyLinks: true }).write(at('dirlink'), sourceFromBytes(new Uint8Array(1)))
    await expect(write).rejects.toMatchObject({ code: 'is-dir' })
  })
})

describe('links shown as files', () => {
  test('hold their target, and have the suffix', async () => {
    const remote = open({ links: true })
    expect(await names(remote)).toEqual(['broken.rclonelink', 'dirlink.rclonelink', 'link.rclonelink', 'real'])
    expect(await remote.stat(at('broken.rclonelink'))).toMatchObject({ kind: 'file', size: 7 })
    expect(await remote.stat(at('broken'))).toBeUndefined()
    expect(await text(remote, 'dirlink.rclonelink')).toBe('real')
  })

  test('are written, moved and removed as links', async () => {
    const remote = open({ links: true })
    const source = sourceFromBytes(Buffer.from('../æ target'), { modified: 5n * second })
    const entry = await remote.write(at('new/made.rclonelink'), source)
    expect(entry).toMatchObject({ path: at('new/made.rclonelink'), size: 12, modified: 5n * second })
    expect(readlinkSync(`${dir}/new/made`)).toBe('../æ target')
    await remote.setTimes?.(entry, { modified: 7n * second })
    expect(await remote.stat(at('new/made.rclonelink'))).toMatchObject({ modified: 7n * second })
    await remote.move?.(at('new/made.rclonelink'), at('new/moved.rclonelink'))
    expect(readlinkSync(`${dir}/new/moved`)).toBe('../æ target')
    await remote.remove(at('new/moved.rclonelink'))
    expect(await names(remote, 'new')).toEqual([])
  })

  test('cannot be had together with following them', () => {
    expect(() => open({ links: true, copyLinks: true })).toThrow("can't use -l/--links with -L/--copy-links")
  })
})

test('pipes and the like are left out with a notice, and never opened', async () => {
  execFileSync('sh', ['-c', 'mkfifo "$0"', `${dir}/real/pipe`])
  const remote = open({})
  expect(await names(remote, 'real')).toEqual(['real/file', 'real/sub'])
  expect(records).toEqual([{ level: 'NOTICE', object: at('real/pipe'), text: "Can't transfer non file/directory" }])
  expect(await remote.stat(at('real/pipe'))).toBeUndefined()
  await expect(remote.open(at('real/pipe'))).rejects.toMatchObject({ code: 'not-found' })
  const write = remote.write(at('real/pipe'), sourceFromBytes(new Uint8Array(1)))
  await expect(write).rejects.toMatchObject({ code: 'unsupported' })
  records = []
  await names(open({ skipSpecials: true }), 'real')
  expect(records).toEqual([])
})

function open(options: LocalOptions): Remote {
  return createLocalRemote({ ...options, log: { log: (record) => void records.push(record), enabled: () => true } })
}

function at(path: string): string {
  return `${dir}/${path}`.replace(/\/$/, '').slice(1)
}

async function names(remote: Remote, path = '', errors?: StorageError[]): Promise<readonly string[]> {
  const found: string[] = []
  const onError = errors && ((error: StorageError): void => void errors.push(error))
  for await (const page of remote.list(at(path), { onError }))
    found.push(...page.map((entry) => entry.path.slice(dir.length)))
  return found.sort()
}

async function text(remote: Remote, path: string): Promise<string> {
  await using reader = await remote.open(at(path))
  return Buffer.from(await collect(reader.stream())).toString()
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1
}
