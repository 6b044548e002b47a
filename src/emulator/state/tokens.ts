import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** The claims of a token that the emulator reads again; a real one carries more (docs/protocol.md §2.2). */
export interface Claims {
  readonly typ: string
  readonly username: string
  /** The login that the token descends from. */
  readonly sid: string
  /** Position among the refresh tokens of that login. */
  readonly generation: number
  /** Seconds since 1970; undefined for tokens without an expiry. */
  readonly exp: number | undefined
}

const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

/** Makes a token of JWT shape: claims anybody can read and a signature of the emulator's own. */
export function signToken(claims: Record<string, unknown>, secret: string): string {
  const signed = `${HEADER}.${encode({ ...claims, jti: randomBytes(12).toString('hex') })}`
  return `${signed}.${signature(signed, secret)}`
}

/** Reads a token; undefined if it was not signed with the secret. Its expiry is left to the caller. */
export function readToken(token: string, secret: string): Claims | undefined {
  const [header = '', payload = '', given = ''] = token.split('.')
  const expected = Buffer.from(signature(`${header}.${payload}`, secret))
  const actual = Buffer.from(given)
  if (actual.byteLength !== expected.byteLength || !timingSafeEqual(actual, expected)) return undefined
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  if (typeof claims !== 'object' || claims === null) return undefined
  const { typ, username, sid, generation, exp } = { typ: '', username: '', sid: '', generation: 0, exp: 0, ...claims }
  return { typ, username, sid, generation, exp: exp === 0 ? undefined : exp }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signature(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
