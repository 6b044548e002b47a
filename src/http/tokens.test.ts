import { describe, expect, test } from 'vitest'
import { silent } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { second, timeFrom } from '../core/time.ts'
import type { Token, TokenStore } from '../core/token.ts'
import { sleep } from '../util/async.ts'
import { type TokenSource, createTokenSource } from './tokens.ts'

const start = Date.parse('2026-01-01T00:00:00Z')

function token(serial: number, livesSeconds: number): Token {
  return {
    accessToken: `access-${serial}`,
    refreshToken: `refresh-${serial}`,
    tokenType: 'Bearer',
    expiry: timeFrom(start) + BigInt(livesSeconds) * second,
  }
}

interface Login {
  readonly store: TokenStore
  stored: Token
  /** Refresh tokens that were presented. */
  readonly presented: string[]
  now: number
  source(refresh?: (spent: string) => Promise<Token>, more?: { readonly given: boolean }): TokenSource
}

/** A login whose service accepts each refresh token once. */
function login(first: Token): Login {
  let lock = Promise.resolve()
  const state: Login = {
    stored: first,
    presented: [],
    now: start,
    store: {
      read: () => Promise.resolve(state.stored),
      update(change) {
        const turn = lock.then(async () => (state.stored = await change(state.stored)))
        lock = turn.then(
          () => undefined,
          () => undefined,
        )
        return turn
      },
    },
    source: (refresh = rotate, more = { given: false }) =>
      createTokenSource({
        name: 'jotta',
        store: { ...state.store, ...more },
        refresh,
        now: () => state.now,
        log: silent,
      }),
  }
  const rotate = async (spent: string): Promise<Token> => {
    state.presented.push(spent)
    await sleep(5)
    if (state.presented.filter((other) => other === spent).length > 1) throw new StorageError('auth', 'invalid_grant')
    return token(Number(spent.split('-')[1]) + 1, (state.now - start) / 1000 + 3600)
  }
  return state
}

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

describe('get', () => {
  test('hands out the stored token while it lives', async () => {
    const state = login(token(1, 61))
    expect(await state.source().get()).toBe('access-1')
    expect(state.presented).toEqual([])
  })

  test('refreshes a token that expires within a minute, once for all who ask', async () => {
    const state = login(token(1, 60))
    const source = state.source()
    expect(new Set(await times(20, () => source.get()))).toEqual(new Set(['access-2']))
    expect(state.presented).toEqual(['refresh-1'])
    expect(state.stored.refreshToken).toBe('refresh-2')
  })

  test('refreshes as time passes', async () => {
    const state = login(token(1, 100))
    const source = state.source()
    expect(await source.get()).toBe('access-1')
    state.now += 41_000
    expect(await source.get()).toBe('access-2')
    state.now += 3_541_000
    expect(await source.get()).toBe('access-3')
    expect(state.presented).toEqual(['refresh-1', 'refresh-2'])
  })

  test('a token without expiry is never refreshed by the clock', async () => {
    const state = login({ ...token(1, 0), expiry: timeFrom(Date.parse('0001-01-01T00:00:00Z')) })
    expect(await state.source().get()).toBe('access-1')
  })

  test('two programs on one store refresh once', async () => {
    const state = login(token(1, 0))
    const sources = [state.source(), state.source(), state.source()]
    expect(await Promise.all(sources.map((source) => source.get()))).toEqual(['access-2', 'access-2', 'access-2'])
    expect(state.presented).toEqual(['refresh-1'])
  })

  test('a newer token in the store is adopted without a refresh', async () => {
    const state = login(token(1, 100))
    const source = state.source()
    await source.get()
    state.now += 90_000
    state.stored = token(7, 5000)
    expect(await source.get()).toBe('access-7')
    expect(state.presented).toEqual([])
  })

  test('a token that another program stored during a refused refresh is adopted', async () => {
    const state = login(token(1, 0))
    const source = state.source(() => {
      state.stored = token(4, 3600)
      return Promise.reject(new StorageError('auth', 'invalid_grant'))
    })
    expect(await source.get()).toBe('access-4')
  })

  test('the end of the login says how to log in again, and the spent token is not shown twice', async () => {
    const state = login(token(1, 0))
    state.presented.push('refresh-1')
    const source = state.source()
    for (let i = 0; i < 2; i++) {
      const error: unknown = await source.get().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'auth', retry: 'no' })
      expect(String(error)).toContain('fjord config reconnect jotta:')
    }
    expect(state.presented).toEqual(['refresh-1', 'refresh-1'])
  })

  test('the end of a login that was given names no command', async () => {
    const state = login(token(1, 0))
    state.presented.push('refresh-1')
    const source = state.source(undefined, { given: true })
    await expect(source.get()).rejects.toThrow('jotta: the login is no longer valid, give it a token that works')
  })

  test('a new login heals the source', async () => {
    const state = login(token(1, 0))
    state.presented.push('refresh-1')
    const source = state.source()
    await expect(source.get()).rejects.toMatchObject({ code: 'auth' })
    state.stored = token(20, 0)
    expect(await source.get()).toBe('access-21')
  })

  test('a refresh that fails otherwise has no effect on what waits for it, and is tried anew', async () => {
    const state = login(token(1, 0))
    let broken = true
    const source = state.source(() =>
      broken
        ? Promise.reject(new StorageError('network', 'cut', { effect: 'unknown', retry: 'later' }))
        : Promise.resolve(token(2, 3600)),
    )
    await expect(source.get()).rejects.toMatchObject({ code: 'network', effect: 'none', retry: 'later' })
    broken = false
    expect(await source.get()).toBe('access-2')
  })

  test('a token without refresh token ends with auth', async () => {
    const state = login({ ...token(1, 0), refreshToken: '' })
    await expect(state.source().get()).rejects.toMatchObject({ code: 'auth' })
    expect(state.presented).toEqual([])
  })
})

const failing = (): Promise<Token> => Promise.reject(new StorageError('permission', 'nowhere to store it'))

describe('a refresh that fails ahead of time', () => {
  test('leaves the token in use until it expires, says so once, and is not tried by every request', async () => {
    const state = login(token(1, 60))
    let asked = 0
    const lines: string[] = []
    const source = createTokenSource({
      name: 'jotta',
      store: { ...state.store, update: () => (asked++, failing()) },
      refresh: failing,
      now: () => state.now,
      log: { enabled: () => true, log: ({ level, text }) => void lines.push(`${level} ${text}`) },
    })
    expect(await times(20, () => source.get())).toEqual(Array.from({ length: 20 }, () => 'access-1'))
    expect(asked).toBe(1)
    state.now += 6_000
    expect(await source.get()).toBe('access-1')
    expect(lines.filter((line) => line.startsWith('NOTICE'))).toEqual([expect.stringContaining('nowhere to store it')])
    state.now += 54_000
    await expect(source.get()).rejects.toMatchObject({ code: 'permission' })
  })

  test('does not bring back a token that was refused', async () => {
    const state = login(token(1, 3600))
    const source = state.source(failing)
    await source.get()
    await expect(source.refused('access-1')).rejects.toMatchObject({ code: 'permission' })
  })
})

test('a refresh can be announced before it is sent, and one that was cut off is named where the login has ended', async () => {
  const order: string[] = []
  const state = login(token(1, 0))
  const source = createTokenSource({
    name: 'jotta',
    store: {
      read: () => state.store.read(),
      update: (change) =>
        change(state.stored, {
          interrupted: timeFrom(start),
          leaveAt: '/nowhere',
          begin: () => Promise.resolve(void order.push('begin')),
        }),
    },
    refresh: async (_, renewal) => {
      await renewal?.begin()
      order.push('sent')
      throw new StorageError('auth', 'invalid_grant')
    },
    now: () => state.now,
    log: silent,
  })
  const error: unknown = await source.get().catch((reason: unknown) => reason)
  expect(order).toEqual(['begin', 'sent'])
  expect(error).toMatchObject({
    code: 'auth',
    message: expect.stringMatching(/config reconnect jotta:.*2026-01-01T00:00:00Z was cut off/),
  })
})

describe('refused', () => {
  test('refreshes once for all whose token was refused', async () => {
    const state = login(token(1, 3600))
    const source = state.source()
    const old = await source.get()
    expect(new Set(await times(12, () => source.refused(old)))).toEqual(new Set(['access-2']))
    expect(state.presented).toEqual(['refresh-1'])
  })

  test('adopts another token from the store first', async () => {
    const state = login(token(1, 3600))
    const source = state.source()
    const old = await source.get()
    state.stored = token(5, 3600)
    expect(await source.refused(old)).toBe('access-5')
    expect(state.presented).toEqual([])
  })

  test('a late refusal of an old token brings the present one', async () => {
    const state = login(token(1, 0))
    const source = state.source()
    await source.get()
    expect(await source.refused('access-1')).toBe('access-2')
    expect(state.presented).toEqual(['refresh-1'])
  })

  test('a token that was refreshed just now comes back, later it is refreshed', async () => {
    const state = login(token(1, 0))
    const source = state.source()
    expect(await source.refused(await source.get())).toBe('access-2')
    state.now += 31_000
    expect(await source.refused('access-2')).toBe('access-3')
  })
})

test('settled waits for a refresh and for its storing', async () => {
  const state = login(token(1, 0))
  const source = state.source()
  const pending = source.get()
  await source.settled()
  expect(state.stored.accessToken).toBe('access-2')
  await pending
  await source.settled()
})
