/** What goes wrong with a request. */
export type FaultAction =
  /** Answer with this status, the API's usual error body unless `body` is given, and do nothing. */
  | { readonly status: number; readonly retryAfter?: number | string; readonly body?: string }
  /** Answer as an account does whose quota is used up, and do nothing. */
  | { readonly overQuota: true }
  /** Answer as an account does that is locked for writing, and do nothing. */
  | { readonly readOnly: true }
  /** From now on the access token of this request is not accepted; the request itself is the first that is refused. */
  | { readonly expireToken: true; readonly revokeLogin?: true }
  /** End the login that the presented token descends from: its refresh token is good for nothing, its access token lives on. */
  | { readonly revokeLogin: true }
  /** Drop the connection before any work, or after the whole answer. */
  | { readonly reset: 'before' | 'after' }
  /**
   * Drop the connection after this many bytes of the answer's body or of an upload's. Bytes of an upload that arrived
   * before that are stored; other requests with a body are dropped before any work.
   */
  | { readonly reset: 'request-body' | 'response-body'; readonly afterBytes: number }
  /** Never answer. */
  | { readonly hang: true }
  /** Read no more of an upload, or send no more of an answer, after this many bytes, and leave the connection open. */
  | { readonly hang: 'request-body' | 'response-body'; readonly afterBytes: number }
  /** Wait before the work. */
  | { readonly delayMs: number }
  /** Flip a byte of the answer's body or of an upload's, the first or the one at `atByte`. */
  | { readonly corrupt: 'request-body' | 'response-body'; readonly atByte?: number }
  /** Send this many bytes of the answer's body and say that this is all. */
  | { readonly truncate: number }
  /** Do the work and answer with the right status, but a document that is neither XML nor JSON. Bytes of files stay. */
  | { readonly malformed: true }
  /** Name another MD5 than the true one in the answer. */
  | { readonly wrongMd5: true }
  /** Do the work, then drop the connection instead of answering. */
  | { readonly effectThenReset: true }
  /** Do the work, then answer with this status as if it had failed. */
  | { readonly effectThenStatus: number }

/** After how many bytes a body ends early, and how: the connection breaks, goes silent, or ends in good order. */
export interface Cut {
  readonly after: number
  readonly how: 'reset' | 'hang' | 'end'
}

/** Where an action cuts the body of a request or an answer. */
export function cutOf(action: FaultAction | undefined, body: 'request-body' | 'response-body'): Cut | undefined {
  if (action === undefined) return undefined
  if ('truncate' in action) return body === 'response-body' ? { after: action.truncate, how: 'end' } : undefined
  if ('reset' in action && action.reset === body) return { after: action.afterBytes, how: 'reset' }
  if ('hang' in action && action.hang === body) return { after: action.afterBytes, how: 'hang' }
  return undefined
}

/** Gives the chunks of a body back as they go by, with the byte flipped that an action damages. */
export function damageOf(
  action: FaultAction | undefined,
  body: 'request-body' | 'response-body',
): (chunk: Uint8Array) => Uint8Array {
  let left = action !== undefined && 'corrupt' in action && action.corrupt === body ? (action.atByte ?? 0) : Infinity
  return (chunk) => {
    const at = left
    left -= chunk.byteLength
    return at >= 0 && at < chunk.byteLength ? flipped(chunk, at) : chunk
  }
}

function flipped(chunk: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(chunk)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}
