import type { HttpSettings } from '../../../core/env.ts'
import { StorageError } from '../../../core/errors.ts'
import type { ErrorCode, Effect, RetryClass } from '../../../core/errors.ts'
import { formatTokenBlob, parseTokenBlob } from '../../../core/token-blob.ts'
import type { Token } from '../../../core/token.ts'
import type { Credentials } from './credentials.ts'

/** A refresh that a helper is to make, as it goes to it. */
export interface RefreshJob {
  readonly credentials: Credentials
  readonly refreshToken: string
  /** The file that the new token is left in. */
  readonly leaveAt: string
  /** What a dump would show stays in the process that asked: the set is empty. */
  readonly http: Omit<HttpSettings, 'dump'>
}

/** What came of it, as it comes back: a token, or the error. */
type Answer =
  | { readonly token: string }
  | {
      readonly error: {
        readonly code: ErrorCode
        readonly message: string
        readonly retry: RetryClass
        readonly effect: Effect
        readonly details: StorageError['details']
      }
    }

/** Reads a job. It comes from the program itself. */
export function parseJob(text: string): RefreshJob {
  const job: RefreshJob = JSON.parse(text)
  return job
}

/** Writes what came of a refresh. */
export function formatAnswer(outcome: Token | StorageError): string {
  const answer: Answer =
    outcome instanceof StorageError ? { error: plain(outcome) } : { token: formatTokenBlob(outcome) }
  return JSON.stringify(answer)
}

/** Reads what came of a refresh. @throws the error that it was; StorageError 'io', effect 'unknown', where nothing came */
export function readAnswer(text: string): Token {
  const answer = parseAnswer(text)
  if (answer && 'token' in answer) return parseTokenBlob(answer.token, 'login')
  if (answer) throw new StorageError(answer.error.code, answer.error.message, answer.error)
  throw new StorageError('io', 'the helper that refreshes the login ended without an answer', {
    retry: 'later',
    effect: 'unknown',
    details: { operation: 'token' },
  })
}

function plain({ code, message, retry, effect, details }: StorageError): Extract<Answer, { error: unknown }>['error'] {
  return { code, message, retry, effect, details }
}

function parseAnswer(text: string): Answer | undefined {
  try {
    const answer: Answer = JSON.parse(text)
    return answer
  } catch {
    return undefined // it may hold a token
  }
}
