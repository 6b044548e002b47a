import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What an authorization code was given for. */
export interface CodeGrant {
  readonly client: string
  readonly redirectUri: string
  readonly realm: string
  readonly scope: string
  readonly nonce: string | undefined
  readonly challenge: Challenge | undefined
}

/** What the verifier of PKCE has to fit. */
export interface Challenge {
  readonly method: 'plain' | 'S256'
  readonly value: string
}

/** A code as it is remembered: after its use with the login that came of it. */
export interface IssuedCode extends CodeGrant {
  /** Milliseconds since 1970. */
  readonly expires: number
  session: string | undefined
}

/** The codes of the last minute. */
export interface Codes {
  issue(grant: CodeGrant): string
  find(code: string): IssuedCode | undefined
}

const LIFETIME = 60_000

/** Makes an empty set of codes, which does not outlive the process. */
export function createCodes(now: () => number): Codes {
  const codes = new Map<string, IssuedCode>()
  const forgetOld = (): void => {
    for (const [code, { expires }] of codes) if (expires <= now()) codes.delete(code)
  }
  return {
    issue(grant) {
      forgetOld()
      const code = randomBytes(32).toString('base64url')
      codes.set(code, { ...grant, expires: now() + LIFETIME, session: undefined })
      return code
    },
    find(code) {
      forgetOld()
      return codes.get(code)
    },
  }
}

/** Whether a verifier fits; where no challenge was sent there must be no verifier either (RFC 7636, RFC 9700). */
export function fitsChallenge(challenge: Challenge | undefined, verifier: string | null): boolean {
  if (challenge === undefined || verifier === null) return challenge === undefined && verifier === null
  const derived = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  const [expected, given] = [Buffer.from(challenge.value), Buffer.from(derived)]
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given)
}
