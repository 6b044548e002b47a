import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../test/support/as-nobody.ts'
import { acquireLock, type LockOptions } from './lock.ts'
import { ownIdentity } from '../util/process-identity.ts'

let bundles = ''
let dir = ''
let path = ''
const children: ChildProcess[] = []

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'lock-bundle-'))
  await build({
    stdin: { contents: holder, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: join(bundles, 'holder.mjs'),
  })
})
afterAll(() => rm(bundles, { recursive: true }))
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'))
  path = join(dir, 'rclone.conf')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await chmod(dir, 0o700)
  await rm(dir, { recursive: true })
})

/** Counts up in a file, each step under the lock, and notes when two are at it at once; or only holds the lock. */
const holder = `
import { readFileSync, writeFileSync } from 'node:fs'
import { acquireLock } from './lock.ts'
const [path, stateDir, times] = process.argv.slice(2)
for (let i = 0; i < Number(times); i++) {
  const lock = await acquireLock(path, { stateDir })
  const before = Number(readFileSync(path, 'utf8'))
  await new Promise((done) => setTimeout(done, 1))
  writeFileSync(path, String(before + 1))
  await lock[Symbol.asyncDispose]()
}
if (times === '0') {
  await acquireLock(path, { stateDir })
  console.log('held')
  setInterval(() => undefined, 1000)
}
`

function start(times: number): ChildProcess {
  const child = spawn(process.execPath, [join(bundles, 'holder.mjs'), path, join(dir, 'state'), String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

const options = (more: Partial<LockOptions> = {}): LockOptions => ({ stateDir: join(dir, 'state'), ...more })
const quick = { lease: 250, renewal: 50 }
/** Sooner than the lease ends, in milliseconds, however busy the machine is. */
const atOnce = 20_000
const lockFile = (): string => `${path}.fjord-lock`
const foreign = (nonce = 'a'.repeat(16)): string => `${nonce}\nelsewhere\nboot\npid:[1]\n1\n1\n`

/** As a process on this machine writes itself: this one, or one of its pid that started at another time. */
function near(nonce: string, since?: string): string {
  const own = ownIdentity()
  return [nonce, own.host, own.boot ?? '', own.namespace ?? '', String(own.pid), since ?? own.start ?? '', ''].join(
    '\n',
  )
}

/** Renews the lock file until the signal. @returns the longest time between two renewals, in milliseconds */
async function renewed(signal: AbortSignal): Promise<number> {
  let [longest, last] = [0, performance.now()]
  while (!signal.aborted) {
    await new Promise((done) => setTimeout(done, 20))
    await utimes(lockFile(), new Date(), new Date())
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  return longest
}

async function holdAndRelease(more: Partial<LockOptions> = {}): Promise<number> {
  const began = performance.now()
  const lock = await acquireLock(path, options(more))
  await lock[Symbol.asyncDispose]()
  return performance.now() - began
}

describe('a lock', () => {
  test('is held by one at a time among processes', async () => {
    await writeFile(path, '0')
    const ended = [start(40), start(40), start(40)].map((child) => once(child, 'exit'))
    expect((await Promise.all(ended)).map(([code]: unknown[]) => code)).toEqual([0, 0, 0])
    expect(await readFile(path, 'utf8')).toBe('120')
    expect(await readdir(dir)).toEqual(['rclone.conf'])
  })

  test('of a process that was killed is broken at once, by one of many', async () => {
    const child = start(0)
    await once(child.stdout ?? child, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await readdir(dir)).toEqual(['rclone.conf.fjord-lock'])
    let inside = 0
    let most = 0
    const contend = async (): Promise<void> => {
      const lock = await acquireLock(path, options())
      most = Math.max(most, ++inside)
      await new Promise((done) => setTimeout(done, 3))
      inside--
      await lock[Symbol.asyncDispose]()
    }
    const began = performance.now()
    await Promise.all(Array.from({ length: 12 }, contend))
    expect(most).toBe(1)
    expect(performance.now() - began).toBeLessThan(atOnce)
    expect(await readdir(dir)).toEqual([])
  })

  test('of a later process with the pid of the dead one is broken', async () => {
    await writeFile(lockFile(), near('b'.repeat(16), '1'))
    expect(await holdAndRelease()).toBeLessThan(atOnce)
  })

  test('of another machine is not broken for its age, but when it is not renewed for a lease', async () => {
    await writeFile(lockFile(), foreign())
    await utimes(lockFile(), 1, 1)
    expect(await holdAndRelease({ times: quick })).toBeGreaterThan(quick.lease)
    expect(await readdir(dir)).toEqual([])
  })

  test('of another machine that renews it stays', async () => {
    const times = { ...quick, lease: 2000 }
    const attempt = async (): Promise<{ readonly taken: boolean; readonly pause: number }> => {
      await writeFile(lockFile(), foreign())
      const signal = AbortSignal.timeout(3000)
      const waiting = acquireLock(path, options({ times, signal })).then(
        () => true,
        (error: unknown) => error !== signal.reason,
      )
      const pause = await renewed(signal)
      return { taken: await waiting, pause }
    }
    let last = await attempt()
    // Where this process stood still nobody renewed it
    while (last.pause > times.lease / 2) last = await attempt()
    expect(last.taken).toBe(false)
    expect(await readFile(lockFile(), 'utf8')).toBe(foreign())
  })

  test('is renewed while it is held', async () => {
    const lock = await acquireLock(path, options({ times: quick }))
    const before = (await stat(lockFile())).mtimeMs
    await expect.poll(async () => (await stat(lockFile())).mtimeMs, { timeout: atOnce }).toBeGreaterThan(before)
    await lock[Symbol.asyncDispose]()
  })

  test('whose holder never wrote itself into it is judged by its lease', async () => {
    await writeFile(lockFile(), '')
    expect(await holdAndRelease({ times: quick })).toBeGreaterThan(quick.lease)
  })

  test('is broken though an earlier breaker died half-way', async () => {
    await writeFile(lockFile(), near('c'.repeat(16), '1'))
    await writeFile(`${lockFile()}.${'c'.repeat(16)}`, near('d'.repeat(16), '1'))
    expect(await holdAndRelease()).toBeLessThan(atOnce)
    expect(await readdir(dir)).toEqual([])
  })

  test('that a faster breaker has taken is not broken by a slower one', async () => {
    const claim = `${lockFile()}.${'c'.repeat(16)}`
    await writeFile(lockFile(), near('c'.repeat(16), '1'))
    await writeFile(claim, near('e'.repeat(16)))
    let taken = false
    const slower = acquireLock(path, options()).finally(() => (taken = true))
    await new Promise((done) => setTimeout(done, 50))
    await writeFile(lockFile(), near('f'.repeat(16)))
    await rm(claim)
    await new Promise((done) => setTimeout(done, 300))
    expect(taken).toBe(false)
    expect(await readFile(lockFile(), 'utf8')).toBe(near('f'.repeat(16)))
    await rm(lockFile())
    await (await slower)[Symbol.asyncDispose]()
  })

  test('that was broken is not taken from whoever holds it now', async () => {
    const lock = await acquireLock(path, options())
    await rm(lockFile())
    await writeFile(lockFile(), foreign())
    await lock[Symbol.asyncDispose]()
    expect(await readFile(lockFile(), 'utf8')).toBe(foreign())
  })

  test('gives up waiting with the reason of the signal', async () => {
    await using _held = await acquireLock(path, options())
    const reason = new Error('enough')
    const controller = new AbortController()
    const waiting = acquireLock(path, options({ signal: controller.signal }))
    setTimeout(() => controller.abort(reason), 20)
    await expect(waiting).rejects.toBe(reason)
  })

  test('of a config in memory is in the state folder', async () => {
    await using _held = await acquireLock(undefined, options())
    expect(await readdir(join(dir, 'state/locks'))).toHaveLength(1)
  })

  test('makes the folder of a file that is not there yet', async () => {
    path = join(dir, 'new/rclone.conf')
    await using _held = await acquireLock(path, options())
    expect(await readdir(join(dir, 'new'))).toEqual(['rclone.conf.fjord-lock'])
  })

  test('goes to the state folder where the file has a read-only one', async () => {
    const state = await mkdtemp(join(tmpdir(), 'lock-state-'))
    await chmod(dir, 0o555)
    await chmod(state, 0o777)
    await asNobody(async () => {
      const lock = await acquireLock(path, options({ stateDir: state }))
      expect(await readdir(join(state, 'locks'))).toHaveLength(1)
      await lock[Symbol.asyncDispose]()
    })
    await rm(state, { recursive: true })
  })

  test('that can be nowhere is refused, naming both the file and the reason', async () => {
    await chmod(dir, 0o555)
    await asNobody(async () => {
      await expect(acquireLock(path, options())).rejects.toMatchObject({ code: 'permission' })
    })
  })
})
