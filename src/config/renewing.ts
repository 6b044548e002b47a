import { isStorageError, StorageError } from '../core/errors.ts'
import type { Renewal, Token, TokenStore } from '../core/token.ts'
import { sleep } from '../util/async.ts'
import type { RenewalMark } from './renewal-mark.ts'

/** How long a helper is waited for, in milliseconds: longer than its request can take. */
const longestHelp = 6 * 60_000

/** Where a token comes from and goes to, its lock held. */
export interface HeldToken {
  /** The token as it is now. */
  readonly read: () => Promise<Token>
  /** Where a helper leaves a token, so that `read` finds it. */
  readonly leaveAt: string
  /** Puts a token where it outlives the process, or says loudly that it cannot. */
  readonly store: (token: Token) => Promise<void>
  /** Whether the token as it is now is not where it belongs. */
  readonly misplaced: () => Promise<boolean>
  readonly mark: RenewalMark
  /**
   * Finds out whether a token could be stored though the mark cannot.
   * @param error why the mark cannot
   * @throws StorageError where it could not
   */
  readonly probe: (error: unknown) => Promise<void> | never
}

/** Changes a token whose lock is held: what came of it is stored, and the mark that a renewal has made is gone after that. */
export async function renew(held: HeldToken, change: Parameters<TokenStore['update']>[0]): Promise<Token> {
  const { mark } = held
  const before = await afterHelper(held)
  const interrupted = (await mark.find(before))?.since
  let begun = false
  const renewal: Renewal = {
    interrupted,
    leaveAt: held.leaveAt,
    async begin(helper) {
      await mark.put(before, { helper, interrupted }).catch(held.probe)
      begun = true
    },
  }
  const after = await change(before, renewal).catch(async (error: unknown) => {
    if (begun && interrupted === undefined && isKnown(error)) await mark.remove()
    throw error
  })
  const changed = !isSame(before, after)
  if (changed || (await held.misplaced())) await held.store(after)
  if (begun || (changed && interrupted !== undefined)) await mark.remove()
  return after
}

/** A helper whose process was killed leaves its token soon: until then nobody else may present the old one. */
async function afterHelper({ read, mark }: HeldToken): Promise<Token> {
  const end = performance.now() + longestHelp
  for (;;) {
    const interruption = await mark.find(await read())
    const token = await read() // after the look at the helper: when that has ended, its token is there
    if (interruption?.goesOn !== true || performance.now() > end) return token
    await sleep(25)
  }
}

/** Whether it is known what became of a token, should nothing have been cut off before: it was not presented, or the service said so. */
function isKnown(error: unknown): boolean {
  return isStorageError(error) && (error.code === 'auth' || error.effect === 'none')
}

/** The error for a login that must not be refreshed, since nothing that came of it could be kept. */
export function nowhereToStore(name: string, error: unknown): StorageError {
  const reason = error instanceof Error ? error.message : String(error)
  const code = isStorageError(error) ? error.code : 'permission'
  return new StorageError(
    code,
    `the login of "${name}" is not refreshed, since the new one could not be stored: ${reason}`,
    {
      cause: error,
      details: { hint: 'Make the config file or the state folder writable, or free some space.' },
    },
  )
}

function isSame(a: Token, b: Token): boolean {
  return (
    a.accessToken === b.accessToken &&
    a.refreshToken === b.refreshToken &&
    a.expiry === b.expiry &&
    a.tokenType === b.tokenType
  )
}
