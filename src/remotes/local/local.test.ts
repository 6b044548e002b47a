import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogRecord } from '../../core/context.ts'
import type { FileEntry } from '../../core/entry.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceOf } from '../../core/source-of.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes, withHashing } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second } from '../../core/time.ts'
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

const wholeSeconds = fc.bigInt({ min: -2_147_483_648n, max: 4_294_967_295n }).map((time) => time * second)
const someTimes = fc.oneof(
  wholeSeconds,
  wholeSeconds.chain((time) => fc.bigInt({ min: time, max: time + second - 1n })),
)
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
    expect(remote.facts(`${dir.slice(1, dir.lastIndexOf('/'))}/x`).description).toBe('Local file system at ../x')
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

  test('an unpaired surrogate that stands for no byte is refused', async () => {
    const write = createLocalRemote().write(at('a\uD800'), bytes('x'))
    await expect(write).rejects.toMatchObject({ code: 'invalid-name' })
  })
})

describe('times', () => {
  test('are kept as exactly as the facts say from 1901 to 2106, whole seconds exactly', async () => {
    const remote = createLocalRemote()
    const entry = await remote.write(at('timed'), bytes('x'))
    const precision = remote.facts('').timePrecision ?? 0n
    const kept = fc.asyncProperty(someTimes, async (time) => {
      await remote.setTimes?.(entry, { modified: time })
      const written = await remote.write(at('written'), sourceFromBytes(new Uint8Array(1), { modified: time }))
      const apart = written.modified - time
      expect(apart < precision && -apart < precision, `${apart} ns apart`).toBe(true)
      if (time % second === 0n) expect(apart).toBe(0n)
      expect(await remote.stat(at('timed'))).toMatchObject({ modified: written.modified })
    })
    await fc.assert(kept, { numRuns: 200, examples: [[0n], [-1n], [-1000n], [999n], [second - 1n], [-1_500_000_001n]] })
  })

  test('are read to the nanosecond', async () => {
    writeFileSync(`${dir}/file`, 'x')
    execFileSync('touch', ['-d', '2001-02-03T04:05:06.789012345Z', `${dir}/file`])
    expect(await createLocalRemote().stat(at('file'))).toMatchObject({ modified: 981_173_106_789_012_345n })
  })

  test('are left alone with noSetModtime', async () => {
    const remote = createLocalRemote({ noSetModtime: true })
    expect('setTimes' in remote).toBe(false)
    expect(remote.facts('').timePrecision).toBeUndefined()
    const entry = await remote.write(at('file'), sourceFromBytes(new Uint8Array(1), { modified: second }))
    expect(entry.modified).toBeGreaterThan(1_600_000_000n * second)
  })
})

describe('writing', () => {
  test('the temporary file has a name of its own, cut to what a disk takes', async () => {
    const remote = createLocalRemote()
    for (const name of ['short.txt', 'å'.repeat(127), '日'.repeat(85), 'x'.repeat(255)]) {
      let seen: readonly string[] = []
      const source = withHashing({
        size: undefined,
        modified: undefined,
        known: {},
        async *stream() {
          yield new Uint8Array(2 * 1024 * 1024)
          seen = readdirSync(dir)
          yield new Uint8Array(1)
        },
      })
      await remote.write(at(name), source)
      expect(seen).toHaveLength(1)
      const [, stem] = /^(.*)\.[0-9a-f]{8}\.partial$/u.exec(seen[0] ?? '') ?? []
      expect(name.startsWith(stem ?? '?')).toBe(true)
      expect(readdirSync(dir)).toEqual([name])
      await remote.remove(at(name))
    }
  })

  test('a replaced file keeps its permissions, a new one gets the usual ones', async () => {
    const remote = createLocalRemote()
    writeFileSync(`${dir}/secret`, 'old', { mode: 0o600 })
    await remote.write(at('secret'), bytes('new'))
    await remote.write(at('plain'), bytes('new'))
    const mode = (name: string): string => (statSync(`${dir}/${name}`).mode & 0o777).toString(8)
    writeFileSync(`${dir}/made by node`, 'x')
    expect([mode('secret'), mode('plain')]).toEqual(['600', mode('made by node')])
  })

  test('a durable write is a write', async () => {
    await createLocalRemote().write(at('new/file'), bytes('kept'), { durable: true })
    expect(readFileSync(`${dir}/new/file`, 'utf8')).toBe('kept')
  })

  test('the hash that was known is checked and comes back', async () => {
    const remote = createLocalRemote()
    const md5 = '900150983cd24fb0d6963f7d28e17f72'
    const good = { ...bytes('abc'), known: { md5 } }
    expect((await remote.write(at('file'), good)).hashes).toEqual({ md5 })
    const bad = { ...bytes('abd'), known: { md5 } }
    await expect(remote.write(at('file'), bad)).rejects.toThrow(/^corrupted on transfer: md5 hashes differ src/)
    expect(readFileSync(`${dir}/file`, 'utf8')).toBe('abc')
  })

  test('a source of many tiny chunks is written whole', async () => {
    const source = withHashing({
      size: 5000,
      modified: undefined,
      known: {},
      async *stream() {
        for (let i = 0; i < 5000; i++) yield Buffer.from([i & 255])
      },
    })
    await createLocalRemote().write(at('file'), source)
    expect(readFileSync(`${dir}/file`).every((byte, i) => byte === (i & 255))).toBe(true)
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
  const off = { copyLinks: false, links: false, skipLinks: false, skipSpecials: false, oneFileSystem: false }
  return { ...off, noCheckUpdated: false, noSetModtime: false, caseSensitive: false, caseInsensitive: false }
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
