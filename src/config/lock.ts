import { randomBytes } from 'node:crypto'
import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CallOptions } from '../core/stream.ts'
import { sleep } from '../util/async.ts'
import { followLinks, systemCode } from '../util/atomic-file.ts'
import { fileError } from './file-error.ts'
import { makeDirs } from '../util/make-dirs.ts'
import { hashedName } from './places.ts'
import { livenessOf, ownIdentity, type ProcessIdentity } from '../util/process-identity.ts'

/** How long locks last whose holder cannot be looked at, in milliseconds. */
export interface LeaseTimes {
  /** A holder that has not renewed for so long is taken for dead. */
  readonly lease: number
  readonly renewal: number
}

export interface LockOptions extends CallOptions {
  /** Where the lock goes when the file's own folder cannot be written. */
  readonly stateDir: string
  readonly times?: LeaseTimes | undefined
  /** Called once when it takes long, with whoever holds the lock. */
  readonly onWait?: ((holder: string) => void) | undefined
}

/** A lock that is held until it is disposed of. */
export type Lock = AsyncDisposable

const usualTimes: LeaseTimes = { lease: 30_000, renewal: 5_000 }
const longWait = 5_000

/**
 * Waits until this process alone holds the lock of a file: a file beside it, which survives crashes. The lock of a process
 * that is gone is broken at once where that can be seen (same machine, same PID namespace); any other only after its holder
 * has not renewed it for a lease, watched on this process's own clock.
 * @param path the file; it need not exist. Undefined: there is no file, and the lock is in the state folder
 * @throws StorageError where neither folder can be written; the reason of an aborted signal
 */
export async function acquireLock(path: string | undefined, options: LockOptions): Promise<Lock> {
  const target = path === undefined ? undefined : await followLinks(path)
  const elsewhere = join(options.stateDir, 'locks', `${hashedName(target ?? '')}.lock`)
  if (target === undefined) return acquireAt(elsewhere, options)
  try {
    return await acquireAt(`${target}.fjord-lock`, options)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) throw named(error, options, target)
    return await acquireAt(elsewhere, options).catch((second: unknown) => {
      throw named(second, options, target, ` (nor with "${elsewhere}")`)
    })
  }
}

function named(error: unknown, { signal }: LockOptions, path: string, more = ''): unknown {
  return signal?.aborted ? signal.reason : fileError(error, `could not lock "${path}"${more}`)
}

async function acquireAt(path: string, options: LockOptions): Promise<Lock> {
  makeDirs(dirname(path), 0o700)
  const watch = createWatch(options)
  for (let pause = 10; ; pause = Math.min(pause * 2, 250)) {
    options.signal?.throwIfAborted()
    const seen = await look(path)
    const lock = seen ? undefined : await take(path, options)
    if (lock) return lock
    if (seen && watch.isDead(seen)) await breakLock(path, seen, options)
    else if (seen) await sleep(pause * (0.5 + Math.random()), options.signal)
  }
}

interface Seen {
  readonly nonce: string
  readonly holder: ProcessIdentity | undefined
  /** Changes with every renewal. */
  readonly fingerprint: string
}

async function look(path: string): Promise<Seen | undefined> {
  try {
    const handle = await open(path, 'r') // opening makes a network drive ask its server
    try {
      const { ino, mtimeNs } = await handle.stat({ bigint: true })
      const text = await handle.readFile('utf8')
      return { ...parseHolder(text), fingerprint: `${ino} ${mtimeNs} ${text}` }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    if (systemCode(error) !== 'EACCES') throw error
    const there = await stat(path, { bigint: true }).catch(() => undefined)
    return there && { nonce: 'unknown', holder: undefined, fingerprint: `${there.ino} ${there.mtimeNs}` }
  }
}

/** A lock whose holder has not written itself into it yet, or never will, is judged by its lease. */
function parseHolder(text: string): { readonly nonce: string; readonly holder: ProcessIdentity | undefined } {
  const [nonce = '', host = '', boot = '', namespace = '', pid = '', start = ''] = text.split('\n')
  if (!/^[0-9a-f]{16}$/.test(nonce) || !/^\d+$/.test(pid)) return { nonce: 'unknown', holder: undefined }
  return {
    nonce,
    holder: { host, boot: known(boot), namespace: known(namespace), pid: Number(pid), start: known(start) },
  }
}

function known(field: string): string | undefined {
  return field === '' ? undefined : field
}

function formatHolder(nonce: string, own: ProcessIdentity): string {
  const fields = [nonce, own.host, own.boot ?? '', own.namespace ?? '', String(own.pid), own.start ?? '', '']
  return fields.join('\n')
}

function createWatch({ times = usualTimes, onWait }: LockOptions): { isDead(seen: Seen): boolean } {
  const own = ownIdentity()
  const began = performance.now()
  let last = { fingerprint: '', since: began }
  let told = false
  return {
    isDead(seen) {
      const now = performance.now()
      if (seen.fingerprint !== last.fingerprint) last = { fingerprint: seen.fingerprint, since: now }
      if (!told && now - began > longWait) {
        told = true
        onWait?.(seen.holder ? `process ${seen.holder.pid} on ${seen.holder.host}` : 'an unknown process')
      }
      const liveness = seen.holder ? livenessOf(seen.holder, own) : 'unknown'
      return liveness === 'dead' || (liveness === 'unknown' && now - last.since > times.lease)
    },
  }
}

/**
 * Who breaks a lock holds a lock on that: only the one whose turn it is, and who then still sees the dead holder, removes
 * it. So a slow second breaker cannot remove the lock of whoever came after.
 */
async function breakLock(path: string, seen: Seen, options: LockOptions): Promise<void> {
  const claim = await acquireAt(`${path}.${seen.nonce}`, options)
  try {
    const now = await look(path)
    if (now?.fingerprint === seen.fingerprint) await unlink(path)
  } finally {
    await claim[Symbol.asyncDispose]()
  }
}

async function take(path: string, options: LockOptions): Promise<Lock | undefined> {
  const handle = await open(path, 'wx', 0o644).catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined
    throw error
  })
  if (!handle) return undefined
  const nonce = randomBytes(8).toString('hex')
  await handle.writeFile(formatHolder(nonce, ownIdentity())).catch(() => undefined) // a full disk: the lease must do
  const timer = setInterval(() => void renew(handle), (options.times ?? usualTimes).renewal)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      try {
        if (await isStill(handle, path)) await unlink(path)
      } finally {
        await handle.close()
      }
    },
  }
}

async function renew(handle: FileHandle): Promise<void> {
  const now = new Date()
  await handle.utimes(now, now).catch(() => undefined)
}

/** False where the lock was broken while this process was stopped: then it is another's now. */
async function isStill(handle: FileHandle, path: string): Promise<boolean> {
  const [own, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)])
  return own.ino === there?.ino && own.dev === there.dev
}
