/**
 * What to do about a login that has ended, for messages: a command, or another token where that was not the config's.
 * @param remote its name; the mark of one that differs from its section is left out
 */
export function logInAgain(remote: string, given = remote.startsWith(':')): string {
  if (given) return 'give it a token that works'
  return `run "fjord config reconnect ${remote.replace(/\{[\w-]{5}\}$/, '')}:"`
}
