import { Buffer } from 'node:buffer'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, quickHttp } from '../../../test/support/emulated-jottacloud.ts'
import { all, recordRun, treeOf } from '../../../test/support/recorded-run.ts'
import type { FileEntry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second } from '../../core/time.ts'
import type { FaultAction } from '../../emulator/index.ts'
import { withRetry } from '../../layers/retry.ts'
import type { JottacloudOptions } from './index.ts'

const share = Number(process.env['FJORD_FUZZ'] ?? 1) > 1 ? 1 : 17
const http = { ...quickHttp, attempts: 2, idleTimeout: 150, connectTimeout: 500 }
const content = 'x'.repeat(3000)
const modified = 1_600_000_000n * second

const faults: Readonly<Record<string, FaultAction>> = {
  '429': { status: 429, retryAfter: 0 },
  '500': { status: 500 },
  '503': { status: 503 },
  '401': { status: 401 },
  'a connection cut before': { reset: 'before' },
  'a connection cut in the request': { reset: 'request-body', afterBytes: 1000 },
  'a connection cut in the answer': { reset: 'response-body', afterBytes: 40 },
  'a connection cut after the answer': { reset: 'after' },
  'a lost answer': { effectThenReset: true },
  'a lost answer behind a 500': { effectThenStatus: 500 },
  'a cut body': { truncate: 60 },
  'a malformed body': { malformed: true },
  'a damaged body': { corrupt: 'response-body', atByte: 100 },
  silence: { hang: true },
  'silence in the request': { hang: 'request-body', afterBytes: 1000 },
  'silence in the answer': { hang: 'response-body', afterBytes: 40 },
  'another MD5 in the answer': { wrongMd5: true },
}

interface Action {
  readonly options?: Partial<JottacloudOptions>
  readonly run: (remote: Remote, at: (path: string) => string) => Promise<unknown>
  /** The operations of the service that it uses. */
  readonly uses: readonly string[]
  /** A directory that may be left behind empty, on the way to the new place. */
  readonly leaves?: string
  /** Between old and new: the new file is there, and the one that it came from is still there too. */
  readonly between?: readonly [to: string, from: string]
  /** Changes that leave their traces in a folder tidy them up with the next write. */
  readonly tidies?: true
}

const noVersions = { noVersions: true }
const actions: Readonly<Record<string, Action>> = {
  'a new file': { uses: ['allocate', 'upload'], run: (remote, at) => put(remote, at('new'), `new ${at('')}`) },
  'a replaced file': { uses: ['allocate', 'upload'], run: (remote, at) => put(remote, at('a'), `new ${at('')}`) },
  'a replaced file without versions': {
    options: noVersions,
    uses: ['allocate', 'upload', 'file', 'folder', 'rm', 'cphash', 'rmDir'],
    run: (remote, at) => put(remote, at('a'), `new ${at('')}`),
    tidies: true,
  },
  'a removal': { uses: ['file', 'dl'], run: (remote, at) => remote.remove(at('a')) },
  'a removal for good': {
    options: { hardDelete: true },
    uses: ['file', 'rm'],
    run: (remote, at) => remote.remove(at('a')),
  },
  'a directory': { uses: ['mkDir'], run: (remote, at) => remote.mkdir(at('made/below')) },
  'a directory removed': { uses: ['folder', 'dlDir'], run: (remote, at) => remote.rmdir(at('empty')) },
  'a tree removed': { uses: ['folder', 'dlDir'], run: async (remote, at) => remote.purge?.(at('dir')) },
  'a copy': { uses: ['file', 'cphash'], run: async (remote, at) => remote.copy?.(at('a'), at('dir/copy')) },
  'a move': {
    uses: ['file', 'missing', 'mkDir', 'mv'],
    run: async (remote, at) => remote.move?.(at('a'), at('dir/a')),
  },
  'a move onto a file': {
    uses: ['file', 'cphash', 'dl'],
    run: async (remote, at) => remote.move?.(at('a'), at('dir/c')),
    between: ['dir/c', 'a'],
  },
  'a renaming of case': { uses: ['file', 'mv'], run: async (remote, at) => remote.move?.(at('a'), at('A')) },
  'a directory moved': {
    uses: ['folder', 'missing', 'mkDir', 'mvDir'],
    run: async (remote, at) => remote.moveDir?.(at('dir'), at('into/dir')),
    leaves: 'into/',
  },
  'a link': { uses: ['enableShare'], run: async (remote, at) => remote.links?.create(at('a')) },
  'a listing': { uses: ['folder'], run: (remote, at) => all(remote.list(at('dir'))) },
  'a recursive listing': {
    uses: ['liststream'],
    run: async (remote, at) => remote.listAll && all(remote.listAll(at(''))),
  },
  'a reading': { uses: ['file', 'download'], run: (remote, at) => text(remote, at('a')) },
  'times set': {
    uses: ['file', 'cphash'],
    async run(remote, at) {
      const entry = await remote.stat(at('a'))
      if (entry) await remote.setTimes?.(entry, { modified: modified + second })
    },
  },
}

let account: EmulatedJottacloud
let trials = 0

beforeAll(async () => {
  account = await emulatedJottacloud()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

afterEach(() => account.emulator.faults.clear())

const matrix = Object.entries(actions).flatMap(([what, action]) =>
  action.uses.flatMap((operation) =>
    Object.entries(faults).flatMap(([fault, how]) =>
      [1, Infinity].map((times) => ({ what, action, operation, fault, how, times })),
    ),
  ),
)

describe('with a fault, an operation succeeds or fails clearly, and what is there is old or new', () => {
  const chosen = matrix.filter((_, at) => at % share === 0)
  test.each(chosen)('$what, $operation: $fault, $times times', async ({ action, operation, how, times }) => {
    const dir = `trial ${++trials}`
    const at = (path: string): string => (path === '' ? dir : `${dir}/${path}`)
    const clean = account.remote()
    await plant(clean, at)
    const old = await treeOf(clean, dir)
    const twin = `trial ${++trials}`
    await plant(clean, (path) => (path === '' ? twin : `${twin}/${path}`))
    const undisturbed = await action.run(account.remote(action.options), (path) =>
      path === '' ? twin : `${twin}/${path}`,
    )
    const fresh = renamed(await treeOf(clean, twin), twin, dir)
    const bare = account.remote({ ...action.options, http })
    const remote = withRetry(bare, { log: recordRun().ctx.log, attempts: 3, sleep: () => Promise.resolve() })
    await remote.stat('') // the user is known
    // a read goes on at the byte it reached, so that a few bytes each time would take long
    const fault = operation === 'download' && 'afterBytes' in how ? { ...how, afterBytes: 900 } : how
    account.emulator.faults.add({ operation, action: fault, times })
    const outcome = await action.run(remote, at).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
    account.emulator.faults.clear()
    await bare.close?.()
    if (action.tidies) await put(account.remote(action.options), at('dir/other'), 'x')
    if (action.tidies) await put(account.remote(action.options), at('other'), 'x')
    const now = await treeOf(clean, dir)
    delete now[at('other')]
    delete now[at('dir/other')]
    if ('error' in outcome) {
      expect(isStorageError(outcome.error), String(outcome.error)).toBe(true)
      const { leaves, between } = action
      const half = between ? { ...old, [at(between[0])]: old[at(between[1])] ?? '' } : old
      expect([old, fresh, half, leaves ? { ...old, [at(leaves)]: '' } : old]).toContainEqual(now)
    } else {
      expect(now).toEqual(fresh)
      if (typeof undisturbed === 'string' && operation !== 'enableShare') expect(outcome.result).toBe(undisturbed)
    }
  })
})

async function plant(remote: Remote, at: (path: string) => string): Promise<void> {
  for (const path of ['a', 'dir/b', 'dir/c']) await put(remote, at(path), path)
  await remote.mkdir(at('empty'))
}

function put(remote: Remote, path: string, what: string): Promise<FileEntry> {
  return remote.write(path, sourceFromBytes(Buffer.from(what + content), { modified }))
}

async function text(remote: Remote, path: string): Promise<string> {
  await using reader = await remote.open(path)
  return Buffer.from(await collect(reader.stream())).toString()
}

function renamed(tree: Record<string, string>, from: string, to: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, what]) => [to + path.slice(from.length), what.replaceAll(from, to)]),
  )
}
