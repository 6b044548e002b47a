import { Buffer } from 'node:buffer'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import type { Time } from '../../core/time.ts'
import { second, truncate } from '../../core/time.ts'
import type { DiskPath } from './place.ts'

/** What the system can and node cannot: times to the nanosecond, and extended attributes. */
export interface SystemCalls {
  /** Each answers whether it was done; node says why not, when it tries the same. */
  setOpenTimes(fd: number, accessed: Time, modified: Time): boolean
  setTimes(path: DiskPath, accessed: Time, modified: Time): boolean
  setLinkTimes(link: DiskPath, accessed: Time, modified: Time): boolean
  /** Undefined where this system's are not known. */
  readonly attributes: AttributeCalls | undefined
}

/** Calls for extended attributes; a file is an open one, or that which a path leads to. */
export interface AttributeCalls {
  /** Nothing where there are none, or cannot be any. */
  names(path: DiskPath): readonly string[]
  value(path: DiskPath, name: string): Buffer | undefined
  /** @returns the system's number of the error, 0 for success */
  set(file: number | DiskPath, name: string, value: Uint8Array): number
}

let found: { readonly calls: SystemCalls | undefined } | undefined

/** The calls, where the optional package koffi is installed and knows this system; looked for once (decisions/0013). */
export function systemCalls(): SystemCalls | undefined {
  found ??= { calls: bind() }
  return found.calls
}

/** AT_SYMLINK_NOFOLLOW of the systems where the two times are four 64-bit numbers. */
const noFollow: Partial<Record<NodeJS.Platform, number>> = { linux: 0x100, darwin: 0x20 }
const wide: readonly string[] = ['x64', 'arm64', 'ppc64', 'riscv64', 'loong64']
/** Stands for the working directory, which absolute paths do not need. */
const noDirectory = -1

function bind(): SystemCalls | undefined {
  const flag = noFollow[platform()]
  if (flag === undefined || !wide.includes(arch())) return undefined
  const koffi = load()
  return isKoffi(koffi) ? callsOf(koffi, flag) : undefined
}

function load(): unknown {
  try {
    return createRequire(import.meta.url)('koffi')
  } catch {
    // not installed, or nothing in it for this system
    return undefined
  }
}

type CFunction = (...args: readonly unknown[]) => unknown

/** The part of koffi that is used. */
interface Koffi {
  load(path: null): { func(declaration: string): CFunction }
  errno(): number
}

function isKoffi(value: unknown): value is Koffi {
  return typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function'
}

function callsOf(koffi: Koffi, flag: number): SystemCalls {
  const library = koffi.load(null)
  const futimens = library.func('int futimens(int fd, const void *times)')
  const utimensat = library.func('int utimensat(int dir, const void *path, const void *times, int flags)')
  const setTimes = (path: DiskPath, times: BigInt64Array, flags: number): boolean =>
    utimensat(noDirectory, cString(path), times, flags) === 0
  return {
    setOpenTimes: (fd, accessed, modified) => futimens(fd, timespecs(accessed, modified)) === 0,
    setTimes: (path, accessed, modified) => setTimes(path, timespecs(accessed, modified), 0),
    setLinkTimes: (link, accessed, modified) => setTimes(link, timespecs(accessed, modified), flag),
    attributes: platform() === 'linux' ? attributeCalls(koffi) : undefined,
  }
}

/** Linux lets neither all names of a file nor one value be longer. */
const longest = 64 * 1024

function attributeCalls(koffi: Koffi): AttributeCalls {
  const library = koffi.load(null)
  const list = library.func('int64_t listxattr(const void *path, void *list, size_t size)')
  const get = library.func('int64_t getxattr(const void *path, const void *name, void *value, size_t size)')
  const value = 'const void *name, const void *value, size_t size, int flags'
  const set = library.func(`int setxattr(const void *path, ${value})`)
  const setOpen = library.func(`int fsetxattr(int fd, ${value})`)
  let room: Buffer | undefined
  const answer = (call: (into: Buffer) => unknown): Buffer | undefined => {
    room ??= Buffer.alloc(longest)
    const length = Number(call(room))
    return length < 0 ? undefined : Buffer.from(room.subarray(0, length))
  }
  return {
    names(path) {
      const names = answer((into) => list(cString(path), into, longest))
      return names?.toString().split('\0').filter(Boolean) ?? []
    },
    value: (path, name) => answer((into) => get(cString(path), cString(name), into, longest)),
    set(file, name, bytes) {
      const rest = [cString(name), bytes, bytes.length, 0]
      const done = typeof file === 'number' ? setOpen(file, ...rest) : set(cString(file), ...rest)
      return done === 0 ? 0 : koffi.errno()
    },
  }
}

function timespecs(...times: readonly Time[]): BigInt64Array {
  return new BigInt64Array(
    times.flatMap((time) => {
      const whole = truncate(time, second)
      return [whole / second, time - whole]
    }),
  )
}

function cString(text: string | Buffer): Buffer {
  return Buffer.concat([typeof text === 'string' ? Buffer.from(text) : text, Buffer.alloc(1)])
}
