import type { World } from '../state/world.ts'

/** With what the person behind the account signs in. */
export interface Credentials {
  readonly email: string
  readonly password: string
  /** The one-time code of a second factor; without one there is no second factor. */
  readonly otp?: string | undefined
}

/** The person, unless told otherwise. */
export const DEFAULT_CREDENTIALS: Credentials = { email: 'someone@example.com', password: 'emulated-password' }

/** What a person typed. */
export interface Typed {
  readonly username: string | null
  readonly password: string | null
  readonly otp: string | null
}

/** What is wrong with a sign-in form, in words for the person; undefined where they may sign in. */
export function formComplaint(credentials: Credentials, world: Readonly<World>, body: string): string | undefined {
  const form = new URLSearchParams(body)
  const typed = { username: form.get('username'), password: form.get('password'), otp: form.get('otp') }
  const verdict = checkCredentials(credentials, world, typed)
  if (verdict === 'good') return undefined
  return verdict === 'otp' ? 'Invalid one-time code.' : 'Invalid user name or password.'
}

/**
 * Whether somebody may sign in, by email or user name. 'otp' means that the rest is right but the one-time code is
 * missing or wrong; dashes and spaces in it do not count.
 */
export function checkCredentials(
  { email, password, otp }: Credentials,
  world: Readonly<World>,
  typed: Typed,
): 'good' | 'wrong' | 'otp' {
  const name = typed.username?.trim().toLowerCase()
  if ((name !== email.toLowerCase() && name !== world.username) || typed.password !== password) return 'wrong'
  return otp === undefined || typed.otp?.replaceAll(/[\s-]/g, '') === otp ? 'good' : 'otp'
}
