import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, quickHttp } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { temporaryDir } from './leftovers.ts'

const mebibyte = 1024 * 1024
const http = { ...quickHttp, attempts: 1 }
let account: EmulatedJottacloud
let remote: Remote
let made = 0
let dir = ''

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(async () => {
  remote = account.remote({ noVersions: true, http })
  dir = `trial ${++made}`
  await put(remote, 'file', `old ${made}`)
})
afterEach(async () => {
  account.emulator.faults.clear()
  await remote.close?.()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

async function put(at: Remote, name: string, content: string): Promise<void> {
  await at.write(`${dir}/${name}`, sourceFromBytes(Buffer.from(content)))
}

/** Paths below the trial with their contents. */
async function tree(): Promise<Record<string, string>> {
  const all = await treeOf(account.remote())
  const inside = Object.entries(all).filter(([path]) => path.startsWith(`${dir}/`) && path !== `${dir}/`)
  return Object.fromEntries(inside.map(([path, content]) => [path.slice(dir.length + 1), content]))
}

async function trashed(): Promise<readonly string[]> {
  const trash = account.remote({ trashedOnly: true })
  return Object.keys(await treeOf(trash)).filter((path) => path.startsWith(`${dir}/`) && !path.endsWith('/'))
}

describe('a write without versions', () => {
  test('leaves one revision and nothing else, in the trash neither', async () => {
    await put(remote, 'file', 'new')
    expect(await tree()).toEqual({ file: 'new' })
    expect(await trashed()).toEqual([])
    await expect(remote.open(`${dir}/file`, { revision: '2' })).rejects.toMatchObject({ code: 'not-found' })
    await using reader = await remote.open(`${dir}/file`, { revision: '1' })
    expect(Buffer.from(await collect(reader.stream())).toString()).toBe('new')
  })

  test('of a new file, or of the same content, is an ordinary one', async () => {
    const known = account.remote({ noVersions: true })
    await treeOf(known)
    account.emulator.counters.reset()
    await put(known, 'fresh', `fresh ${made}`)
    await put(known, 'file', `old ${made}`)
    expect(account.emulator.counters.of('rm').requests).toBe(0)
    expect(account.emulator.counters.of('allocate').requests).toBe(2)
  })

  test('sends the bytes once', async () => {
    account.emulator.counters.reset()
    await put(remote, 'file', `sent once ${made}`)
    expect(account.emulator.counters.of('upload').requests).toBe(1)
  })

  test('of a name of 255 characters fits', async () => {
    const name = 'n'.repeat(255)
    await put(remote, name, 'one')
    await put(remote, name, 'two')
    expect(await tree()).toEqual({ file: `old ${made}`, [name]: 'two' })
  })

  test('keeps the old file where the account has no room for both, and says so', async () => {
    await using small = await emulatedJottacloud({ quota: 2500 })
    const full = small.remote({ noVersions: true, http })
    await full.write('file', sourceFromBytes(Buffer.alloc(1500, 'a')))
    const write = full.write('file', sourceFromBytes(Buffer.alloc(1500, 'b')))
    await expect(write).rejects.toMatchObject({
      code: 'quota',
      message: expect.stringContaining('the old file stays'),
      details: { path: 'file', hint: expect.stringContaining('room') },
    })
    expect(Object.keys(await treeOf(full))).toEqual(['file'])
    expect(await full.stat('file')).toMatchObject({ size: 1500 })
  })

  test('leaves alone what another program puts there in the meantime', async () => {
    const source: Source = sourceFromBytes(Buffer.from(`nobody has this ${made}`))
    const slow: Source = {
      ...source,
      async *stream(range, o) {
        await put(account.remote(), 'file', 'of the phone')
        yield* source.stream(range, o)
      },
    }
    await expect(remote.write(`${dir}/file`, slow)).rejects.toMatchObject({ code: 'changed' })
    expect(await tree()).toEqual({ file: 'of the phone' })
    await put(remote, 'file', 'new')
    expect([await tree(), await trashed()]).toEqual([{ file: 'new' }, []])
  })

  test('goes on where another program takes the copy away just before the old file is removed', async () => {
    const content = `new ${made}`
    await put(remote, 'warm', 'x')
    const temporary = temporaryDir(`${dir}/file`, 'new', createHash('md5').update(content).digest('hex'))
    account.emulator.faults.add({ operation: 'rm', action: { delayMs: 500 } })
    account.emulator.counters.reset()
    const writing = put(remote, 'file', content)
    const hasty = account.remote({ hardDelete: true })
    for (let tries = 0; tries < 50; tries++) {
      if (await hasty.stat(`${temporary}/file`)) break
    }
    await hasty.purge?.(temporary)
    await writing
    expect(account.emulator.counters.of('upload').requests).toBe(2)
    expect(await tree()).toEqual({ file: content, warm: 'x' })
  })

  /** Writes new content; just before the old file goes another process is let in. */
  async function overtaken(content: string, other: () => Promise<void>): Promise<void> {
    const { faults } = account.emulator
    await put(remote, 'warm', 'x')
    const temporary = temporaryDir(`${dir}/file`, 'new', createHash('md5').update(content).digest('hex'))
    for (const operation of ['rm', 'mv']) faults.add({ operation, action: { delayMs: 500 } })
    const writing = put(remote, 'file', content)
    const ended = writing.catch(() => undefined)
    await expect.poll(() => account.remote().stat(`${temporary}/file`), { interval: 5 }).toMatchObject({ kind: 'file' })
    await other()
    await ended
    await writing
  }

  test('loses nothing where another process tidies up there and this one is then cut off', async () => {
    const content = `new ${made}`
    const cutOff = overtaken(content, async () => {
      await put(account.remote({ noVersions: true }), 'other', 'x')
      account.emulator.faults.add({ times: Infinity, action: { reset: 'before' } })
    })
    await expect(cutOff).rejects.toBeDefined()
    account.emulator.faults.clear()
    const next = account.remote({ noVersions: true })
    await put(next, 'more', 'x')
    await next.close?.()
    expect(await tree()).toEqual({ file: `old ${made}`, warm: 'x', other: 'x', more: 'x' })
    expect(await trashed()).toEqual([])
  })

  test('gives back what another program puts there at the last moment', async () => {
    const last = overtaken(`new ${made}`, () => put(account.remote(), 'file', 'of the phone'))
    await expect(last).rejects.toMatchObject({ code: 'changed' })
    await remote.close?.()
    expect(await tree()).toEqual({ file: 'of the phone', warm: 'x' })
    expect(await trashed()).toEqual([])
  })

  test('that fails leaves the old file and nothing else', async () => {
    for (const action of [
      { status: 503 },
      { reset: 'request-body', afterBytes: 1 },
      { corrupt: 'response-body' },
    ] as const) {
      account.emulator.faults.add({ operation: 'upload', action })
      await expect(put(remote, 'file', `new ${made} ${JSON.stringify(action)}`)).rejects.toBeDefined()
      expect(await tree()).toEqual({ file: `old ${made}` })
    }
    expect(await trashed()).toEqual([])
  })
})

describe('what a write without versions leaves', () => {
  test('is brought to its end before anything is removed there, and by whoever has seen it', async () => {
    await put(remote, 'file', 'new')
    const temporary = temporaryDir(`${dir}/file`, 'new', 'x')
    const plain = account.remote()
    await plain.move?.(`${dir}/file`, `${temporary}/file`)
    const name = temporary.slice(dir.length + 1)
    expect(Object.keys(await tree()).toSorted()).toEqual([`${name}/`, `${name}/file`])
    const sync = account.remote()
    await treeOf(sync)
    await sync.remove(`${temporary}/file`)
    expect(await tree()).toEqual({ file: 'new' })
  })

  /** Content of 4 MiB whose upload breaks off in the middle, noting the offsets that it is read from. */
  function breaking(): Source & { readonly offsets: number[] } {
    const offsets: number[] = []
    const source = sourceFromBytes(randomBytes(4 * mebibyte))
    account.emulator.faults.add({ operation: 'upload', action: { reset: 'request-body', afterBytes: 2 * mebibyte } })
    return {
      ...source,
      offsets,
      stream(range = {}, options = {}) {
        offsets.push(range.offset ?? 0)
        return source.stream(range, options)
      },
    }
  }

  test('of an upload that broke off is gone on with, by the same run or the next, whatever is written there before', async () => {
    for (const sameRun of [true, false]) {
      const source = breaking()
      const first = account.remote({ noVersions: true, uploadResumeLimit: 1000, http })
      await expect(first.write(`${dir}/file`, source)).rejects.toMatchObject({ retry: 'later' })
      if (!sameRun) await first.close?.()
      const next = sameRun ? first : account.remote({ noVersions: true, uploadResumeLimit: 1000, http })
      await put(next, 'other', `other ${made} ${sameRun}`)
      await next.write(`${dir}/file`, source)
      expect(source.offsets[1]).toBeGreaterThan(0)
      await next.close?.()
      expect(Object.keys(await tree()).toSorted()).toEqual(['file', 'other'])
    }
  })

  test('of an upload that nobody wants any more is gone at the end of the next run, past the trash', async () => {
    const first = account.remote({ noVersions: true, uploadResumeLimit: 1000, http })
    await expect(first.write(`${dir}/file`, breaking())).rejects.toMatchObject({ retry: 'later' })
    await first.close?.()
    await treeOf(account.remote())
    const next = account.remote({ noVersions: true })
    await put(next, 'file', 'new')
    await next.close?.()
    expect(await tree()).toEqual({ file: 'new' })
    expect(await trashed()).toEqual([])
  })

  test('could not be tidied up at once, and is at the end of the run', async () => {
    account.emulator.faults.add({ operation: 'upload', action: { status: 503 } })
    account.emulator.faults.add({ operation: 'rmDir', action: { status: 503 } })
    await expect(put(remote, 'file', `new ${made}`)).rejects.toMatchObject({ code: 'unavailable' })
    expect(Object.keys(await tree())).toHaveLength(2)
    await remote.close?.()
    expect(await tree()).toEqual({ file: `old ${made}` })
  })

  test('takes its place at the end of the run where the old file is gone', async () => {
    await remote.list(dir)[Symbol.asyncIterator]().next()
    for (const operation of ['cphash', 'mv', 'allocate']) {
      const skip = operation === 'cphash' ? 0 : 1
      account.emulator.faults.add({ operation, skip, times: Infinity, action: { status: 503 } })
    }
    await expect(put(remote, 'file', `new ${made}`)).rejects.toBeDefined()
    expect(Object.keys(await tree())).not.toContain('file')
    account.emulator.faults.clear()
    await remote.close?.()
    expect(await tree()).toEqual({ file: `new ${made}` })
  })

  test.each([
    ['goes at the end of a run that has changed something elsewhere', 'the same', false],
    ['stays, where it is not what the file holds', 'other content', true],
  ])('beside a file that is in its place %s', async (_, content, stays) => {
    await put(remote, 'file', 'the same')
    await remote.close?.()
    const temporary = temporaryDir(`${dir}/file`, 'new', 'x')
    await account.remote().write(`${temporary}/file`, sourceFromBytes(Buffer.from(content)))
    const next = account.remote({ noVersions: true })
    await treeOf(next, dir)
    expect(await tree()).toHaveProperty([`${temporary.slice(dir.length + 1)}/file`])
    await next.write(`elsewhere ${made}/file`, sourceFromBytes(Buffer.from('x')))
    await next.close?.()
    expect(Object.keys(await tree())).toHaveLength(stays ? 3 : 1)
  })

  test('is not taken away while it is in use', async () => {
    const content = `new ${made}`
    const temporary = temporaryDir(`${dir}/file`, 'new', createHash('md5').update(content).digest('hex'))
    const source = sourceFromBytes(Buffer.from(content))
    const release = new AbortController()
    const released = once(release.signal, 'abort')
    async function* stream(...range: Parameters<Source['stream']>): AsyncGenerator<Uint8Array> {
      await released
      yield* source.stream(...range)
    }
    const writing = remote.write(`${dir}/file`, { ...source, stream })
    await expect.poll(() => account.remote().stat(temporary), { interval: 5 }).toMatchObject({ kind: 'dir' })
    await remote.rmdir(temporary)
    await remote.remove(`${temporary}/file`)
    release.abort()
    await writing
    expect(await tree()).toEqual({ file: content })
  })
})
