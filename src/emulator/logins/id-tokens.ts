import { createHash, generateKeyPairSync, sign, type KeyPairKeyObjectResult } from 'node:crypto'

/** Signs identity tokens so that clients can check them. */
export interface IdTokens {
  /** A JWT, signed with ES256. */
  sign(claims: Record<string, unknown>): string
  /** The public keys, as the `jwks_uri` of discovery serves them. */
  keySet(): Record<string, unknown>
}

/** Makes a signer whose key lasts as long as the process: identity tokens are looked at once, after the login. */
export function createIdTokens(): IdTokens {
  let made: { readonly pair: KeyPairKeyObjectResult; readonly jwk: Record<string, unknown> } | undefined
  const key = (): NonNullable<typeof made> => {
    made ??= makeKey()
    return made
  }
  return {
    sign(claims) {
      const { pair, jwk } = key()
      const text = `${encode({ alg: 'ES256', typ: 'JWT', kid: jwk['kid'] })}.${encode(claims)}`
      const signature = sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
      return `${text}.${signature.toString('base64url')}`
    },
    keySet: () => ({ keys: [key().jwk] }),
  }
}

function makeKey(): { pair: KeyPairKeyObjectResult; jwk: Record<string, unknown> } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url')
  return { pair, jwk: { ...jwk, kid } }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
