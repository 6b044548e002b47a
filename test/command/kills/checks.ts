import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Account } from '../fjord.ts'
import type { KillCase } from './cases.ts'
import type { Blow, Ended } from './killing.ts'
import type { Snapshot, World } from './world.ts'

/** When a run was ended: before it had changed anything, in the middle of it, or when all was done. */
export type Moment = 'before' | 'amid' | 'after'

/** A case in a world that is left alone and in one whose runs are killed. */
export interface Trial {
  readonly account: Account
  readonly it: KillCase
  readonly world: World
  /** As it was planted, and as a run leaves it that nobody kills. */
  readonly initial: Snapshot
  readonly final: Snapshot
  readonly told: string
}

export function argsIn(world: World, it: KillCase): readonly string[] {
  return argsOf(it, (place) => world.at(place, it.remoteOptions))
}

export function argsOf(
  { command, flags }: KillCase,
  at: (place: 'source' | 'dest' | 'backup') => string,
): readonly string[] {
  const places = command === 'convmv' ? [at('source')] : [at('source'), at('dest')]
  return [command, ...places, ...flags.map((flag) => (flag === 'BACKUP' ? at('backup') : flag))]
}

/** What a run left that was killed: the old or the new of every file, whole, and all that outlives the run. */
export function checkFiles(
  { it, initial, final, told }: Pick<Trial, 'it' | 'initial' | 'final' | 'told'>,
  left: Snapshot,
): void {
  const what = `after the kill of ${told}`
  const labels = new Set([...left.values()].map(({ label }) => label))
  const lasting = new Set([...final.values()].map(({ label }) => label))
  for (const { label } of initial.values()) if (lasting.has(label)) expect(labels, what).toContain(label)
  for (const [path, { label }] of left) {
    if (isPartial(path)) continue
    const whole = [...initial, ...final].some(
      ([p, file]) => file.label === label && (p === path || isAside(path) || isRespelling(it, p, path)),
    )
    const half = it.inplace && final.has(path)
    expect(whole || half, `${path}: ${label} ${what}`).toBe(true)
  }
  if (it.gaps) return
  for (const path of initial.keys()) if (final.has(path)) expect([...left.keys()], what).toContain(path)
}

/** What holds after every kill. @returns when it was */
export async function checkLeft(trial: Trial, { signal }: Blow, { status, missed }: Ended): Promise<Moment> {
  const { account, world, initial, final, told } = trial
  const left = await world.look()
  checkFiles(trial, left)
  if (signal !== 'SIGKILL' && status !== null && !missed) {
    expect([0, signal === 'SIGTERM' ? 143 : 130], told).toContain(status)
    const { stdout } = await account.run('cache', 'info')
    const partials = [...left.keys()].filter(isPartial)
    expect(Number(/Downloads: +(\d+)/.exec(stdout)?.[1]), told).toBeGreaterThanOrEqual(partials.length)
  }
  if (missed || isSame(left, final)) return 'after'
  return isSame(left, initial) ? 'before' : 'amid'
}

/** The next run leaves what an unkilled one does. */
export async function checkNext({ account, it, world, final, told }: Trial): Promise<void> {
  const isDone = isSame(await world.look(), final)
  const before = changesOf(account)
  const { status, stderr } = await account.run(...argsIn(world, it))
  // The source of a move may be gone as a whole
  expect(isDone && it.command === 'move' ? [0, 3] : [0], `${stderr} next run of ${told}`).toContain(status)
  const changed = changesOf(account) > before
  // Who changes nothing does not tidy up
  const left = await world.look()
  expect(Object.fromEntries(changed ? left : withoutAside(left)), `left by the next run of ${told}`).toEqual(
    Object.fromEntries(final),
  )
}

function changesOf({ emulator }: Account): number {
  const changes = ['allocate', 'cphash', 'mkDir', 'dl', 'dlDir', 'rm', 'rmDir', 'mv', 'mvDir', 'cp']
  return changes.reduce((sum, operation) => sum + emulator.counters.of(operation).requests, 0)
}

/** What a killed process was about to put into place: it is cleared away later, by its age (src/state/prune.ts, src/util/atomic-file.ts). */
const inTheMaking = /\.(?:[0-9a-f]{8}|[0-9a-f]{12})\.new$/

/** The state folder holds no more than it promises, and the config is as it was. */
export async function checkRemembered({ account: { home, run }, told }: Trial, config: string): Promise<void> {
  const { status, stdout } = await run('cache', 'info')
  expect({ status, stdout }, told).toMatchObject({ status: 0, stdout: expect.stringContaining('0 interrupted') })
  const withoutToken = (text: string): string => text.replace(/^token = .*$/m, '')
  expect(withoutToken(readFileSync(join(home, 'fjord.conf'), 'utf8')), told).toBe(withoutToken(config))
  expect(
    readdirSync(home).filter((name) => name.startsWith('fjord') && !inTheMaking.test(name)),
    told,
  ).toEqual(['fjord.conf'])
  const state = stateOf({ home })
  const names = existsSync(state) ? readdirSync(state, { recursive: true, encoding: 'utf8' }) : []
  expect(
    names.filter((name) => name.endsWith('.new') && !inTheMaking.test(name)),
    told,
  ).toEqual([])
}

export function stateOf({ home }: Pick<Account, 'home'>): string {
  return join(home, '.local/state/fjord')
}

function isPartial(path: string): boolean {
  return /^(dest|backup):.*\.[0-9a-f]{8}\.(partial|half)$/.test(path)
}

/** In a directory that a file has on its way to its name in the account. */
function isAside(path: string): boolean {
  return /\/\.fjord-(new|moved)-[0-9a-f]{16}\//.test(path)
}

function isRespelling({ flags }: KillCase, a: string, b: string): boolean {
  return (flags.includes('--fix-case') || flags.includes('all,uppercase')) && a.toLowerCase() === b.toLowerCase()
}

export function withoutAside(snapshot: Snapshot): Snapshot {
  return new Map([...snapshot].filter(([path]) => !isAside(path)))
}

export function isSame(a: Snapshot, b: Snapshot): boolean {
  return a.size === b.size && [...a].every(([path, { label }]) => b.get(path)?.label === label)
}
