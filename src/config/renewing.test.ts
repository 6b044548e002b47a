import { expect, test } from 'vitest'
import type { Token } from '../core/token.ts'
import { renew, type HeldToken } from './renewing.ts'

const token = (serial: number): Token => ({
  accessToken: `access-${serial}`,
  refreshToken: `refresh-${serial}`,
  tokenType: 'Bearer',
  expiry: BigInt(serial),
})

test('a token that the helper of a killed process leaves at the last moment is seen, and the spent one not presented', async () => {
  let kept = token(1)
  const held: HeldToken = {
    read: () => Promise.resolve(kept),
    leaveAt: '',
    store: () => Promise.resolve(),
    misplaced: () => Promise.resolve(false),
    mark: {
      find({ refreshToken }) {
        if (refreshToken !== 'refresh-1') return Promise.resolve(undefined)
        // between the look at the token and the look at the helper, it has left another one and ended
        kept = token(2)
        return Promise.resolve({ since: 0n, goesOn: false })
      },
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    probe: () => Promise.resolve(),
  }
  const seen: unknown[] = []
  await renew(held, (now, renewal) => {
    seen.push(now.refreshToken, renewal?.interrupted)
    return Promise.resolve(now)
  })
  expect(seen).toEqual(['refresh-2', undefined])
})
