/** Why no tokens are given, in the words of OAuth. */
export interface OAuthError {
  readonly error: string
  readonly error_description: string
}

/** Makes such an answer. */
export function oauthError(error: string, description: string): OAuthError {
  return { error, error_description: description }
}
