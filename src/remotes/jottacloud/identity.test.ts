import { describe, expect, test } from 'vitest'
import { claimedUser, storedUser } from './identity.ts'

const jwt = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

describe('the user', () => {
  test.each([
    ['the claim username', { username: 'u1', sub: 'f:x:u2' }, 'u1'],
    ['the end of sub', { sub: 'f:1234:u2' }, 'u2'],
  ])('is read from %s of a token', (_, claims, user) => {
    expect(claimedUser(jwt(claims))).toBe(user)
  })

  test.each(['opaque', 'a.b.c', '', jwt([]), jwt({ sub: '4c1b-uuid' }), jwt({ username: 7, sub: 'f:' })])(
    'is not in %s',
    (token) => {
      expect(claimedUser(token)).toBeUndefined()
    },
  )

  test('is in the section, unless that has an address for letters or is of a legacy login', () => {
    expect(storedUser({ configVersion: '1', username: 'u1' })).toBe('u1')
    expect(storedUser({ configVersion: '1', username: 'someone@example.com' })).toBeUndefined()
    expect(storedUser({ configVersion: '0', username: 'u1' })).toBeUndefined()
    expect(storedUser({ configVersion: '1' })).toBeUndefined()
  })
})
