import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import type { Random } from '../../differential/random.ts'
import type { Account } from '../fjord.ts'
import { bin } from '../fjord.ts'

/** How a run was ended from outside. */
export interface Blow {
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'
  /** Its whole process group. */
  readonly group: boolean
  /** Which part of the work of an unkilled run is done by then, from 0 to 1. */
  readonly part: number
  /** Milliseconds more. */
  readonly more: number
}

/** How much of a kind of work there is in a run. */
export interface Extent {
  /** Requests, and MiB that went over the wire. */
  readonly work: number
  /** Milliseconds from the start to the first change on the disk, and to the end. */
  readonly first: number
  readonly all: number
}

export interface Ended {
  /** Exit code; null after a signal that it could not answer. */
  readonly status: number | null
  readonly stderr: string
  /** It had come to its end before. */
  readonly missed: boolean
}

export function drawBlow(random: Random): Blow {
  return {
    signal: random.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT']),
    group: random.chance(30),
    part: (100 + random.below(850)) / 1000,
    more: random.pick([0, 0, 2, 10]),
  }
}

/** Runs the command to its end. @param watched the folders in which its first change is looked for */
export async function measure(
  account: Account,
  args: readonly string[],
  watched: readonly string[],
): Promise<Extent & Ended> {
  const [begun, before, was] = [performance.now(), workOf(account), stateOf(watched)]
  const child = start(account, args, false)
  let first: number | undefined
  while (!child.isOver() && first === undefined) {
    if (stateOf(watched) !== was) first = performance.now() - begun
    await setTimeout(5)
  }
  const { status, stderr } = await child.ended
  const all = performance.now() - begun
  return { status, stderr, missed: true, work: workOf(account) - before, first: first ?? all, all }
}

/** Runs the command and ends it: in the account when so much of the work is done, on a disk alone when so much time is over. */
export async function killed(account: Account, args: readonly string[], extent: Extent, blow: Blow): Promise<Ended> {
  const { work, first, all } = extent
  const [begun, before] = [performance.now(), workOf(account)]
  const onDisk = first - 20 + blow.part * (all - first)
  const isTime = (): boolean =>
    work === 0 ? performance.now() - begun >= onDisk : workOf(account) - before >= blow.part * work
  const child = start(account, args, blow.group)
  while (!child.isOver() && !isTime()) await setTimeout(1)
  await setTimeout(blow.more)
  const missed = child.isOver()
  if (!missed) child.end(blow.signal)
  return { ...(await child.ended), missed }
}

/** Starts the command. @param group as the leader of a process group of its own */
export function start({ home }: Pick<Account, 'home'>, args: readonly string[], group: boolean) {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', RCLONE_CONFIG: join(home, 'fjord.conf') },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: group,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  let over = false
  const ended = once(child, 'close').then(() => {
    over = true
    return { status: child.exitCode, stderr }
  })
  const end = (signal: NodeJS.Signals): void => {
    if (!group || child.pid === undefined) child.kill(signal)
    else kill(-child.pid, signal)
  }
  return { ended, end, isOver: () => over }
}

function workOf({ emulator }: Account): number {
  const { requests, bytesReceived, bytesSent } = emulator.counters.of()
  return requests + (bytesReceived + bytesSent) / (1 << 20)
}

function stateOf(folders: readonly string[]): string {
  const names = (folder: string): readonly string[] =>
    existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  return folders.map((folder) => names(folder).toSorted().join('\n')).join('\n\n')
}
