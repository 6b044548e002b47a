import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../../test/support/as-nobody.ts'
import type { LogRecord } from '../../core/context.ts'
import { StorageError } from '../../core/errors.ts'
import type { FindMetadata, Metadata } from '../../core/metadata.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { parseRfc3339 } from '../../core/time.ts'
import { createLocalRemote } from './index.ts'
import { systemCalls } from './system-calls.ts'

const isRoot = process.geteuid?.() === 0
const time = '2010-01-02T03:04:05Z'
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-setting-'))
  chmodSync(dir, 0o755)
  writeFileSync(join(dir, 'file'), 'x', { mode: 0o644 })
  mkdirSync(join(dir, 'sub'), { mode: 0o755 })
})
afterEach(() => rmSync(dir, { recursive: true }))

const at = (name: string): string => join(dir, name).slice(1)
const mode = (name: string): string => (statSync(join(dir, name)).mode & 0o7777).toString(8)
const bytes = (text: string) => sourceFromBytes(Buffer.from(text), { modified: 5_000_000_000n })

async function set(name: string, metadata: Metadata, remote = createLocalRemote()): Promise<void> {
  await remote.setMetadata?.({ kind: 'dir', path: at(name) }, metadata)
}

describe('setting metadata', () => {
  test.each(['file', 'sub'])('gives a %s its mode and times', async (name) => {
    await set(name, { mode: '100700', mtime: time, atime: '2011-01-02T03:04:05.25+01:00', btime: time, utime: time })
    const stats = statSync(join(dir, name))
    expect([mode(name), stats.mtime.toISOString(), stats.atime.toISOString()]).toEqual([
      '700',
      '2010-01-02T03:04:05.000Z',
      '2011-01-02T02:04:05.250Z',
    ])
  })

  test('leaves aside what cannot be read, and a time of access alone', async () => {
    const before = statSync(join(dir, 'file'))
    await set('file', { mode: '99', mtime: 'yesterday', uid: 'me', gid: '-1' })
    expect([statSync(join(dir, 'file')).mtimeMs, mode('file')]).toEqual([before.mtimeMs, '644'])
    await createLocalRemote().write(at('new'), bytes('x'), { metadata: { atime: time } })
    expect(statSync(join(dir, 'new')).mtimeMs).toBe(5000)
  })

  test('sets special bits only where that is asked for', async () => {
    await set('file', { mode: '104755' })
    expect(mode('file')).toBe('755')
    await set('file', { mode: '104755' }, createLocalRemote({ metadataRestoreSpecialBits: true }))
    expect(mode('file')).toBe('4755')
    await set('file', { mode: '100755' })
    expect(mode('file')).toBe('755')
  })

  test('leaves a directory the special bits that it has', async () => {
    chmodSync(join(dir, 'sub'), 0o2755)
    await set('sub', { mode: '40711' })
    expect(mode('sub')).toBe('2711')
    await set('sub', { mode: '40711' }, createLocalRemote({ metadataRestoreSpecialBits: true }))
    expect(mode('sub')).toBe('711')
  })

  test.runIf(isRoot)('gives an owner, who is his own group where none is named', async () => {
    await set('file', { uid: '12', gid: '13' })
    expect(statSync(join(dir, 'file'))).toMatchObject({ uid: 12, gid: 13 })
    await set('file', { gid: '14' })
    await set('sub', { uid: '12' })
    expect(statSync(join(dir, 'file'))).toMatchObject({ uid: 12, gid: 13 })
    expect(statSync(join(dir, 'sub'))).toMatchObject({ uid: 12, gid: 12 })
  })

  test('an owner that the system does not let this user give is left aside', async () => {
    chmodSync(dir, 0o777)
    await asNobody(async () => {
      await createLocalRemote().write(at('mine'), bytes('x'), { metadata: { uid: '0', gid: '0', mode: '600' } })
    })
    expect(mode('mine')).toBe('600')
    expect(statSync(join(dir, 'mine')).uid).not.toBe(isRoot ? 0 : -1)
  })

  test('does not follow a link that is shown as a file', async () => {
    symlinkSync('file', join(dir, 'link'))
    await set('link.rclonelink', { mtime: time, mode: '120600' }, createLocalRemote({ links: true }))
    expect(lstatSync(join(dir, 'link')).mtime.toISOString()).toBe('2010-01-02T03:04:05.000Z')
    expect(mode('file')).toBe('644')
  })

  test('of what is not there is an error', async () => {
    await expect(set('none', { mode: '600' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a file that is written with metadata', () => {
  /** Written twice as long as what is made at once. */
  const big = () => sourceFromBytes(new Uint8Array(3_000_000), { modified: 5_000_000_000n })

  test('has it asked for under its temporary name, and once more when it is whole', async () => {
    const asked: unknown[] = []
    const metadata: FindMetadata = async (as, whole) => {
      asked.push([as, whole?.path, whole?.size, whole?.modified])
      return whole ? { mode: '600' } : { mode: '640', mtime: time }
    }
    await createLocalRemote().write(at('new'), big(), { metadata })
    const temporary = expect.stringMatching(/new\.[0-9a-f]{8}\.partial$/)
    expect(asked).toEqual([
      [temporary, undefined, undefined, undefined],
      [temporary, temporary, 3_000_000, parseRfc3339(time)],
    ])
    expect([mode('new'), statSync(join(dir, 'new')).mtime.toISOString()]).toEqual(['600', '2010-01-02T03:04:05.000Z'])
  })

  test('has it asked for once where it is written in place, or is a link', async () => {
    const asked: string[] = []
    const metadata: FindMetadata = async (as) => {
      asked.push(as)
      return { mtime: time }
    }
    await createLocalRemote().write(at('new'), big(), { metadata, partial: { inPlace: true } })
    await createLocalRemote({ links: true }).write(at('l.rclonelink'), bytes('file'), { metadata })
    expect(asked).toEqual([at('new'), at('l.rclonelink')])
    expect(lstatSync(join(dir, 'l')).mtime.toISOString()).toBe('2010-01-02T03:04:05.000Z')
  })

  test('is not there where it cannot be found out, and the old one stays', async () => {
    const records: LogRecord[] = []
    const remote = createLocalRemote({ log: { log: (record) => records.push(record), enabled: () => true } })
    const metadata: FindMetadata = () => Promise.reject(new StorageError('io', 'the mapper failed'))
    await expect(remote.write(at('file'), bytes('new'), { metadata })).rejects.toThrow('the mapper failed')
    expect(execFileSync('ls', [dir], { encoding: 'utf8' })).toBe('file\nsub\n')
    expect(execFileSync('cat', [join(dir, 'file')], { encoding: 'utf8' })).toBe('x')
    expect(records).toMatchObject([{ level: 'INFO', text: 'Removing failed copy' }])
  })

  test('has the same temporary name wherever the run has the same root', async () => {
    const names: string[] = []
    const metadata: FindMetadata = async (as) => {
      names.push(as.slice(as.lastIndexOf('/') + 1))
      return undefined
    }
    const source = sourceFromBytes(Buffer.from('# x\n'), { modified: parseRfc3339('2019-03-04T12:00:00Z') ?? 0n })
    for (const root of [dir.slice(1), at('sub'), undefined])
      await createLocalRemote().write(at('sub/deeper/x.md'), source, { metadata, partial: { root } })
    expect(new Set(names)).toHaveLength(3)
    expect(names).toContain('x.md.8d55b106.partial')
  })
})

describe.runIf(systemCalls()?.attributes)('extended attributes', () => {
  test.each(['file', 'sub'])('of a %s are metadata, with names in lower case and values of any bytes', async (name) => {
    const remote = createLocalRemote()
    const value = Buffer.from([0x61, 0xff, 0xc3, 0xb8]).toString('latin1')
    const metadata = { foo: 'bar', 'two words': 'ø "<>', empty: '', raw: '\uDCFF', Loud: value }
    await set(name, metadata, remote)
    const told = await remote.metadata?.({ kind: 'dir', path: at(name) })
    expect(told).toMatchObject({ foo: 'bar', 'two words': 'ø "<>', empty: '', raw: '\uDCFF', loud: value })
    expect(Object.keys(told ?? {})).toEqual(Object.keys(told ?? {}).toSorted())
  })

  test('do not name what the file system keeps itself', async () => {
    const remote = createLocalRemote()
    await remote.write(at('new'), bytes('x'), { metadata: { mode: '100600', mtime: time, rdev: '1', kind: 'own' } })
    const told = await remote.metadata?.({ kind: 'dir', path: at('new') })
    expect(Object.keys(told ?? {})).toEqual(['atime', 'btime', 'gid', 'kind', 'mode', 'mtime', 'uid'])
  })

  test('a name that is too long is an error that names it', async () => {
    const name = 'x'.repeat(300)
    await expect(set('file', { [name]: 'y' })).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`set attribute user.${name} of`),
    })
  })
})
