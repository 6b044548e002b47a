import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath, rename, stat, unlink } from 'node:fs/promises'
import { platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { sleep } from './async.ts'
import { makeDirs } from './make-dirs.ts'

/** The system calls that tests make fail. */
export interface FileCalls {
  readonly rename: (from: string, to: string) => Promise<void>
  readonly open: (path: string, flags: string, mode?: number) => Promise<FileHandle>
}

export interface ReplaceOptions {
  /** Of a file that is new. */
  readonly mode: number
  /** A folder for the copy of the old content, where none can be made beside the file. */
  readonly backupDir?: string | undefined
  /** Bytes that the disk must have room for besides: what is written next will be longer. */
  readonly spare?: number | undefined
  readonly calls?: FileCalls
}

const system: FileCalls = { rename, open }

/**
 * Replaces a file's content so that after a crash it holds the old or the new. Symbolic links are followed, mode and owner
 * stay, folders are made (0700), and the new content is on the disk when this resolves. Where the file cannot be replaced by
 * another (one that is mounted by itself, or in a folder that is read-only), it is written in place, its old content kept
 * in a copy until that is done; a copy that a crash has left is called NAME.….old-content. New files that killed writers
 * have left are taken away.
 * @throws the system's error; the old content is still there
 */
export async function replaceFile(path: string, content: string | Uint8Array, options: ReplaceOptions): Promise<void> {
  const calls = options.calls ?? system
  const target = await followLinks(path)
  makeDirs(dirname(target), 0o700)
  const old = await stat(target).catch(absentIsUndefined)
  const beside = `${target}.${randomBytes(6).toString('hex')}.new`
  try {
    await writeNew(beside, content, { ...options, old, calls })
    await renamePatiently(calls, beside, target)
  } catch (error) {
    await unlink(beside).catch(() => undefined)
    if (!old || !mayWriteInPlace(error)) throw error
    await writeInPlace(target, content, { ...options, calls, reason: error })
    return
  }
  await syncDir(dirname(target))
  await clearLeftovers(target)
}

/** The copies of old content that interrupted writes have left beside a file or in `backupDir`. */
export async function oldContents(path: string, backupDir: string): Promise<readonly string[]> {
  const target = await followLinks(path)
  const found = await Promise.all(
    [dirname(target), backupDir].map(async (folder) => {
      const names = await readdir(folder).catch(() => [])
      return names.filter((name) => isNamedAfter(target, name, 'old-content')).map((name) => join(folder, name))
    }),
  )
  return found.flat()
}

function isNamedAfter(target: string, name: string, ending: 'old-content' | 'new'): boolean {
  const of = basename(target)
  return name.startsWith(`${of}.`) && new RegExp(`^\\.[0-9a-f]{12}\\.${ending}$`).test(name.slice(of.length))
}

/** No writer takes a minute between making its new file and renaming it: an older one is of one that was killed. */
async function clearLeftovers(target: string): Promise<void> {
  const folder = dirname(target)
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => isNamedAfter(target, name, 'new')).map((name) => join(folder, name))
  if (left.length === 0) return
  const written = (await timeOf(target)) ?? 0 // by the clock of that disk
  for (const path of left)
    if (((await timeOf(path)) ?? written) < written - 60_000) await unlink(path).catch(() => undefined)
}

/** The file that a path leads to; it need not exist. */
export async function followLinks(path: string): Promise<string> {
  let current = resolve(path)
  for (let hops = 0; hops < 40; hops++) {
    const whole = await realpath(current).catch(() => undefined)
    if (whole !== undefined) return whole
    const next = await readlink(current).catch(() => undefined)
    if (next === undefined) break
    current = resolve(dirname(current), next)
  }
  const folder = await realpath(dirname(current)).catch(() => dirname(current))
  return join(folder, basename(current))
}

/** The system's code of an error, such as 'ENOENT'. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function timeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
}

interface NewFile extends Pick<ReplaceOptions, 'mode' | 'spare'> {
  readonly old: Stats | undefined
  readonly calls: FileCalls
}

async function writeNew(path: string, content: string | Uint8Array, file: NewFile): Promise<void> {
  const { old, mode, calls } = file
  const handle = await calls.open(path, 'wx', 0o600)
  try {
    await handle.chmod(old ? await keptMode(handle, old) : mode)
    await overwrite(handle, content, file)
  } finally {
    await handle.close()
  }
}

/** Gives the new file the old one's owner; where that is not allowed, rights of group and others would go to strangers. */
async function keptMode(handle: FileHandle, old: Stats): Promise<number> {
  const own = await handle.stat()
  if (own.uid === old.uid && own.gid === old.gid) return old.mode & 0o777
  try {
    await handle.chown(old.uid, old.gid)
    return old.mode & 0o777
  } catch {
    return old.mode & 0o700
  }
}

/** Windows refuses to replace a file that somebody has open, for instance a virus scanner, and mostly for a moment. */
async function renamePatiently(calls: FileCalls, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await calls.rename(from, to)
      return
    } catch (error) {
      const busy = platform() === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '')
      if (!busy || attempt === 10) throw error
      await sleep(20 * attempt)
    }
  }
}

function mayWriteInPlace(error: unknown): boolean {
  return ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')
}

interface InPlace extends Pick<ReplaceOptions, 'backupDir' | 'spare'> {
  readonly calls: FileCalls
  readonly reason: unknown
}

async function writeInPlace(target: string, content: string | Uint8Array, o: InPlace): Promise<void> {
  const handle = await o.calls.open(target, 'r+').catch((error: unknown) => {
    throw systemCode(o.reason) === 'EBUSY' ? error : o.reason
  })
  try {
    const old = await handle.readFile()
    const backup = await keepCopy(target, old, o)
    const failure = await failureOf(overwrite(handle, content, o))
    const restoring = failure && (await failureOf(overwrite(handle, old)))
    if (!restoring) await unlink(backup).catch(() => undefined)
    if (failure) throw failure.error
  } finally {
    await handle.close()
  }
}

async function failureOf(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return { error }
  }
}

/**
 * One write from the start, so that a process that is killed has written all or nothing. What is spared is empty lines for a
 * moment, which a config may have.
 */
async function overwrite(
  handle: FileHandle,
  content: string | Uint8Array,
  { spare = 0 }: { readonly spare?: number | undefined } = {},
): Promise<void> {
  const bytes = Buffer.concat([Buffer.from(content), Buffer.alloc(spare, '\n')])
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at)
    at += bytesWritten
  }
  if (spare > 0) await handle.sync()
  await handle.truncate(bytes.length - spare)
  await handle.sync()
}

async function keepCopy(target: string, content: Uint8Array, o: InPlace): Promise<string> {
  const folders = [dirname(target), ...(o.backupDir === undefined ? [] : [o.backupDir])]
  for (const folder of folders) {
    const backup = join(folder, `${basename(target)}.${randomBytes(6).toString('hex')}.old-content`)
    try {
      makeDirs(folder, 0o700)
      await writeNew(backup, content, { old: undefined, mode: 0o600, calls: o.calls })
      await syncDir(folder)
      return backup
    } catch (error) {
      if (!mayWriteInPlace(error)) throw error
    }
  }
  throw o.reason
}

/** Makes a rename last; not every system has this, and none needs it for safety of the content. */
async function syncDir(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // the content itself is on the disk
  }
}

function absentIsUndefined(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error
}
