import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, logIn, quickHttp, tokensInMemory } from '../../../test/support/emulated-jottacloud.ts'
import type { Action } from '../../../test/support/jottacloud-actions.ts'
import { actions, put } from '../../../test/support/jottacloud-actions.ts'
import { recordRun, treeOf } from '../../../test/support/recorded-run.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Remote } from '../../core/remote.ts'
import type { TokenStore } from '../../core/token.ts'
import type { FaultAction } from '../../emulator/index.ts'
import { withRetry } from '../../layers/retry.ts'

const share = Number(process.env['FJORD_FUZZ'] ?? 1) > 1 ? 1 : 23
const http = { ...quickHttp, attempts: 2, idleTimeout: 150, connectTimeout: 500 }

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
  'damaged bytes on the way up': { corrupt: 'request-body', atByte: 100 },
  'another MD5 in the answer': { wrongMd5: true },
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
    const seen = account.remote(action.seen)
    const old = await treeOf(seen, dir)
    const twin = `trial ${++trials}`
    await plant(clean, (path) => (path === '' ? twin : `${twin}/${path}`))
    refuse(action)
    const undisturbed = await action.run(account.remote(action.options), (path) =>
      path === '' ? twin : `${twin}/${path}`,
    )
    account.emulator.faults.clear()
    const fresh = renamed(await treeOf(seen, twin), twin, dir)
    const bare = account.remote({ ...action.options, http, ...(action.expired && { tokens: await expiredLogin() }) })
    const remote = withRetry(bare, { log: recordRun().ctx.log, attempts: 3, sleep: () => Promise.resolve() })
    if (!action.expired) await remote.stat('') // the user is known
    refuse(action)
    // a read goes on at the byte it reached, so that a few bytes each time would take long
    const fault = operation === 'download' && 'afterBytes' in how ? { ...how, afterBytes: 900 } : how
    account.emulator.faults.add({ operation, action: fault, times })
    const outcome = await action.run(remote, at).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
    account.emulator.faults.clear()
    await bare.close?.()
    if (action.tidies) {
      const next = account.remote(action.options)
      for (const path of ['dir/other', 'other']) await put(next, at(path), 'x')
      await next.close?.()
    }
    const now = await treeOf(seen, dir)
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

function refuse({ refused = [] }: Action): void {
  for (const operation of refused) {
    account.emulator.faults.add({ operation, action: { status: 404 }, times: Infinity })
  }
}

async function expiredLogin(): Promise<TokenStore> {
  return tokensInMemory({ ...(await logIn(account.emulator.createLoginToken())), expiry: 0n })
}

async function plant(remote: Remote, at: (path: string) => string): Promise<void> {
  for (const path of ['a', 'dir/b', 'dir/c']) await put(remote, at(path), path)
  await remote.mkdir(at('empty'))
  await put(remote, at('gone'), 'gone')
  await remote.remove(at('gone'))
}

function renamed(tree: Record<string, string>, from: string, to: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, what]) => [to + path.slice(from.length), what.replaceAll(from, to)]),
  )
}
