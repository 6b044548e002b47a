import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { kill, pid } from 'node:process'
import { systemCode } from './atomic-file.ts'

/** One process among all that may share a folder; what the system does not tell is absent. */
export interface ProcessIdentity {
  readonly host: string
  /** Linux: differs after every start of the machine. */
  readonly boot?: string | undefined
  /** Linux: the namespace in which `pid` counts. */
  readonly namespace?: string | undefined
  readonly pid: number
  /** Linux: when the process started, in ticks since the machine did; tells it from a later one with its pid. */
  readonly start?: string | undefined
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(pid)
}

/** A process of this machine and namespace. */
export function identityOf(id: number): ProcessIdentity {
  return {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    pid: id,
    start: processStat(id)?.start,
  }
}

/** Reads an identity from JSON; undefined where it is none. */
export function parseIdentity(json: string): ProcessIdentity | undefined {
  const value: unknown = attempt(() => JSON.parse(json))
  if (typeof value !== 'object' || value === null) return undefined
  const fields = new Map(Object.entries(value))
  const text = (key: string): string | undefined => {
    const field: unknown = fields.get(key)
    return typeof field === 'string' ? field : undefined
  }
  const id: unknown = fields.get('pid')
  if (typeof id !== 'number') return undefined
  return {
    host: text('host') ?? '',
    boot: text('boot'),
    namespace: text('namespace'),
    pid: id,
    start: text('start'),
  }
}

/** Whether a process still runs: 'unknown' where that cannot be seen from `own`, which may be another machine or container. */
export function livenessOf(process: ProcessIdentity, own: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const near = process.host === own.host && process.boot === own.boot && process.namespace === own.namespace
  if (!near) return 'unknown'
  if (!isThere(process.pid)) return 'dead'
  const stat = processStat(process.pid)
  if (stat === undefined || process.start === undefined) return 'unknown'
  const gone = stat.start !== process.start || stat.state === 'Z' || stat.state === 'X'
  return gone ? 'dead' : 'alive'
}

function isThere(id: number): boolean {
  try {
    kill(id, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH' // EPERM: it is there and somebody else's
  }
}

/** /proc/PID/stat: the name in brackets may hold anything, so fields are counted from its end. */
function processStat(id: number): { readonly state: string; readonly start: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${id}/stat`, 'latin1'))
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [fields?.[0], fields?.[19]]
  return state === undefined || start === undefined ? undefined : { state, start }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
