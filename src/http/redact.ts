const hidden = 'XXXX'

const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-auth-token',
  'x-jottacloud-otp',
])

const secretNames =
  '[\\w-]*token|password|passwd|pass|[\\w-]*secret|(?:auth[_-]?)?code|otp|assertion|api[_-]?key|signature|sig'
const jsonMember = new RegExp(`("(?:${secretNames})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi')
const formMember = new RegExp(`((?:^|[?&\\s])(?:${secretNames})=)[^&\\s"]+`, 'gi')
// bounded, so that a long body is not searched again from each of its words
const jwt = /\beyJ[\w-]{5,2000}\.[\w-]+(?:\.[\w-]*)?/g
/** A word after the scheme that is no plain English one. */
const credentials = /\b([Bb]earer|[Bb]asic)\s+(?=\S*[A-Z0-9=+/])[\w.~+/=-]{6,}/g
const userInfo = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^/?#\s@]*@/gi

/**
 * `text` without what could be a secret: tokens, passwords and codes in JSON or forms, Bearer and Basic credentials, JWTs
 * and the user part of a URL become XXXX.
 */
export function redact(text: string): string {
  return text
    .replace(jsonMember, `$1"${hidden}"`)
    .replace(formMember, `$1${hidden}`)
    .replace(jwt, hidden)
    .replace(credentials, `$1 ${hidden}`)
    .replace(userInfo, `$1${hidden}@`)
}

/** The value of a header as it may be shown: XXXX for credentials, cookies and one-time codes. */
export function redactHeader(name: string, value: string): string {
  return secretHeaders.has(name.toLowerCase()) ? hidden : redact(value)
}
