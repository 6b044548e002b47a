import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, quickHttp } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { temporaryDir } from './leftovers.ts'

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

describe('a write without versions that is cut off', () => {
  const steps = Array.from({ length: 9 }, (_, step) => step)
  const cuts = steps.flatMap((step) => [
    [step, 'before'],
    [step, 'after'],
  ]) as readonly (readonly [number, 'before' | 'after'])[]

  test.each(cuts)('%i requests after its beginning, %s the next one acts, has lost nothing', async (step, moment) => {
    const content = `new ${made}`
    await remote.list(dir)[Symbol.asyncIterator]().next()
    if (moment === 'after') account.emulator.faults.add({ skip: step, action: { effectThenReset: true } })
    account.emulator.faults.add({
      skip: moment === 'after' ? step : step,
      times: Infinity,
      action: { reset: 'before' },
    })
    const written = await put(remote, 'file', content).then(
      () => true,
      () => false,
    )
    account.emulator.faults.clear()
    const left = await tree()
    expect(Object.values(left).some((text) => text === content || text === `old ${made}`)).toBe(true)
    expect(await tree()).toEqual(left)
    const next = account.remote({ noVersions: true })
    await put(next, 'other', 'x')
    const { file, ...rest } = await tree()
    expect(rest).toEqual({ other: 'x' })
    expect(written ? [content] : [content, `old ${made}`]).toContain(file)
    expect(await trashed()).toEqual([])
  })

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
})
