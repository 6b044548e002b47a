import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { platform, tmpdir, userInfo } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogRecord } from '../../core/context.ts'
import type { FileEntry } from '../../core/entry.ts'
import type { Remote } from '../../core/remote.ts'
import { resolveOptions } from '../../options/resolve.ts'
import { sourceOf } from '../../core/source-of.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { conformance } from '../../testing/index.ts'
import type { LocalOptions } from './index.ts'
import { createLocalRemote, localDefinition } from './index.ts'

describe('local', () => {
  conformance({ describe, test }, async () => {
    const root = mkdtempSync(`${tmpdir()}/local-`)
    return {
      remote: createLocalRemote(),
      root: root.slice(1),
      dispose: async () => rmSync(root, { recursive: true }),
    }
  })
})

const asRoot = userInfo().uid === 0
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('messages have the words of the system as Go prints them', () => {
  test('below a file', async () => {
    expect(await said((r) => r.write(at('file/below'), bytes('x')))).toBe('mkdir file: not a directory')
    expect(await said((r) => r.write(at('file/a/b'), bytes('x')))).toBe('mkdir file: not a directory')
    const entry = { kind: 'dir', path: at('file/below') } as const
    expect(await said(async (r) => r.setTimes?.(entry, { modified: 0n }))).toBe('chtimes file/below: not a directory')
  })

  test('what is not there, or not of that kind', async () => {
    expect(await said((r) => r.open(at('gone')))).toBe('open gone: no such file or directory')
    expect(await said((r) => r.rmdir(at('gone')))).toBe('stat gone: no such file or directory')
    expect(await said((r) => r.rmdir(at('full')))).toBe('remove full: directory not empty')
    expect(await said((r) => r.list(at('gone'))[Symbol.asyncIterator]().next())).toBe('directory not found')
    expect(await said(async (r) => r.about?.(at('gone')))).toBe('directory not found')
    expect(await said((r) => r.open(at('full')))).toBe('open full: is a directory')
  })

  test.runIf(platform() === 'linux')('a directory that nothing can be made in', async () => {
    expect(await said((r) => r.mkdir('proc/fjord/sub'))).toMatch(/^mkdir .*proc\/fjord.*: no such file or directory$/)
  })

  test('names that are too long', async () => {
    const long = 'x'.repeat(256)
    expect(await said((r) => r.write(at(long), bytes('x')))).toMatch(/: file name too long$/)
    expect(readdirSync(dir).sort()).toEqual(['file', 'full'])
  })

  test.skipIf(asRoot)('what is not permitted', async () => {
    mkdirSync(`${dir}/closed`, { mode: 0o000 })
    writeFileSync(`${dir}/secret`, 'x', { mode: 0o000 })
    expect(await said((r) => r.open(at('secret')))).toBe('open secret: permission denied')
    expect(await said((r) => r.list(at('closed'))[Symbol.asyncIterator]().next())).toBe(
      'open closed: permission denied',
    )
    chmodSync(`${dir}/closed`, 0o700)
  })
})

describe('paths are shown', () => {
  test('as seen from the directory that was typed in, which is itself a dot', async () => {
    const remote = await localDefinition.open('local', settings(), environment([]), { display_from: dir })
    expect(remote.facts(at('src/dir')).description).toBe('Local file system at src/dir')
    expect(remote.facts(at('')).description).toBe('Local file system at ．')
    expect(remote.facts(`${dir.slice(1, dir.lastIndexOf('/'))}/x`).description).toBe('Local file system at ．．/x')
  })

  test('in full otherwise', () => {
    expect(createLocalRemote().facts('a/b').description).toBe('Local file system at /a/b')
    expect(createLocalRemote().facts('').description).toBe('Local file system at /')
  })
})

describe('names that are no UTF-8', () => {
  test('keep their bytes through listing, reading, moving and removing, and are told of once', async () => {
    const records: LogRecord[] = []
    const remote = await localDefinition.open('local', settings(), environment(records), { display_from: dir })
    writeFileSync(Buffer.from(`${dir}/bad\xff\xfename\n`, 'latin1'), 'x')
    const name = 'bad\uDCFF\uDCFEname\n'
    for (let i = 0; i < 2; i++) expect(await names(remote)).toEqual([name])
    expect(records).toEqual([
      {
        level: 'NOTICE',
        object: 'Local file system at ．',
        text: String.raw`Replacing invalid UTF-8 characters in "bad\xff\xfename\n"`,
      },
    ])
    await using reader = await remote.open(at(name))
    expect(Buffer.from(await collect(reader.stream())).toString()).toBe('x')
    await remote.move?.(at(name), at('sub\uDC80/to\uDCE5'))
    expect(readdirSync(dir, { encoding: 'buffer' }).map((b) => b.toString('latin1'))).toEqual(['sub\x80'])
    await remote.write(at('sub\uDC80/to\uDCE5'), bytes('longer'))
    expect(await remote.stat(at('sub\uDC80/to\uDCE5'))).toMatchObject({ size: 6 })
    await remote.remove(at('sub\uDC80/to\uDCE5'))
    await remote.rmdir(at('sub\uDC80'))
    expect(readdirSync(dir)).toEqual([])
  })

  test('what is no longer as it was seen is not removed', async () => {
    const remote = createLocalRemote()
    const seen = await remote.write(at('f'), bytes('x'))
    await remote.write(at('f'), bytes('longer'))
    await expect(remote.remove(at('f'), { expect: seen })).rejects.toMatchObject({ code: 'changed' })
    const now = await remote.stat(at('f'))
    await remote.remove(at('f'), { expect: now?.kind === 'file' ? now : undefined })
    expect(readdirSync(dir)).toEqual([])
  })

  test('an unpaired surrogate that stands for no byte is refused', async () => {
    const write = createLocalRemote().write(at('a\uD800'), bytes('x'))
    await expect(write).rejects.toMatchObject({ code: 'invalid-name' })
  })
})

describe('a file that changes while it is read', () => {
  test('is not copied', async () => {
    const growing = copyWhile(() => appendFileSync(`${dir}/file`, 'more'))
    await expect(growing).rejects.toThrow(
      "can't copy - source file is being updated (size changed from 3145728 to 3145732)",
    )
    const touched = copyWhile(() => utimesSync(`${dir}/file`, 2, 2))
    await expect(touched).rejects.toThrow(
      '(mod time changed from 1970-01-01 00:00:01 +0000 UTC to 1970-01-01 00:00:02 +0000 UTC)',
    )
    expect(readdirSync(dir)).toEqual(['file'])
  })

  test('is copied as far as it was with noCheckUpdated', async () => {
    const copied = await copyWhile(() => appendFileSync(`${dir}/file`, 'more'), { noCheckUpdated: true })
    expect(copied.size).toBe(3 * 1024 * 1024)
  })

  test('a hash of an entry that is another file by now is refused', async () => {
    const remote = createLocalRemote()
    const entry = await remote.write(at('file'), bytes('one'))
    await remote.write(at('file'), bytes('three'))
    await expect(remote.hash?.(entry, 'md5')).rejects.toMatchObject({ code: 'changed' })
  })
})

describe('the hash of a big file, which a thread makes', () => {
  const content = Buffer.alloc(9 * 1024 * 1024 + 5, 'big')
  const big = async (remote: Remote): Promise<FileEntry> => {
    writeFileSync(`${dir}/big`, content)
    const entry = await remote.stat(at('big'))
    if (entry?.kind !== 'file') throw new Error('no file')
    return entry
  }

  test('is that of its bytes', async () => {
    const remote = createLocalRemote()
    const expected = createHash('md5').update(content).digest('hex')
    expect(await remote.hash?.(await big(remote), 'md5')).toBe(expected)
  })

  test('is refused where the file has changed, and ends with the signal', async () => {
    const remote = createLocalRemote()
    const entry = await big(remote)
    const abort = new AbortController()
    const hashing = remote.hash?.(entry, 'md5', { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(hashing).rejects.toThrow('enough')
    appendFileSync(`${dir}/big`, 'more')
    await expect(remote.hash?.(entry, 'md5')).rejects.toMatchObject({ code: 'changed' })
  })
})

test('moving a file onto another name of itself leaves one name', async () => {
  writeFileSync(`${dir}/a`, 'x')
  linkSync(`${dir}/a`, `${dir}/b`)
  await createLocalRemote().move?.(at('a'), at('b'))
  expect(readdirSync(dir)).toEqual(['b'])
})

test('moveDir onto an empty directory is refused, though the system would do it', async () => {
  mkdirSync(`${dir}/a`)
  mkdirSync(`${dir}/b`)
  await expect(createLocalRemote().moveDir?.(at('a'), at('b'))).rejects.toMatchObject({ code: 'exists' })
})

test('a long directory comes in pages', async () => {
  for (let i = 0; i < 2100; i++) writeFileSync(`${dir}/${i}`, '')
  const pages: number[] = []
  for await (const page of createLocalRemote().list(at(''))) pages.push(page.length)
  expect(pages.length).toBeGreaterThan(1)
  expect(pages.reduce((sum, n) => sum + n, 0)).toBe(2100)
})

function at(path: string): string {
  return path === '' ? dir.slice(1) : `${dir.slice(1)}/${path}`
}

function bytes(text: string): Source {
  return sourceFromBytes(Buffer.from(text))
}

async function names(remote: Remote): Promise<readonly string[]> {
  const found: string[] = []
  for await (const page of remote.list(at(''))) found.push(...page.map((entry) => entry.path.slice(dir.length)))
  return found
}

function settings(): Parameters<typeof localDefinition.open>[1] {
  return resolveOptions(localDefinition.options, [])
}

function environment(records: LogRecord[]): Parameters<typeof localDefinition.open>[2] {
  return {
    log: { log: (record) => void records.push(record), enabled: () => true },
    http: {
      userAgent: '',
      connectTimeout: 0,
      idleTimeout: 0,
      attempts: 1,
      headers: [],
      caCerts: [],
      insecure: false,
      dump: new Set(),
      environment: {},
    },
    tempDir: dir,
    signal: new AbortController().signal,
    now: () => 0,
  }
}

/** The message of what `act` throws, on a file, a full directory and nothing else. */
async function said(act: (remote: Remote) => Promise<unknown>): Promise<string> {
  writeFileSync(`${dir}/file`, 'x')
  mkdirSync(`${dir}/full/sub`, { recursive: true })
  const remote = createLocalRemote({ displayFrom: dir })
  return act(remote).then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

/** Copies a file that `change` is called on after each chunk. */
async function copyWhile(change: () => void, options: LocalOptions = {}): Promise<FileEntry> {
  const remote = createLocalRemote(options)
  writeFileSync(`${dir}/file`, new Uint8Array(3 * 1024 * 1024))
  utimesSync(`${dir}/file`, 1, 1)
  const entry = await remote.stat(at('file'))
  if (entry?.kind !== 'file') throw new Error('the file is there')
  const source = sourceOf(remote, entry)
  return remote.write(at('copy'), {
    ...source,
    async *stream(range, o) {
      for await (const chunk of source.stream(range, o)) {
        yield chunk
        change()
      }
    },
  })
}
