import { readFile, unlink } from 'node:fs/promises'
import { formatRfc3339, parseRfc3339, second, timeFrom, type Time } from '../core/time.ts'
import type { Token } from '../core/token.ts'
import { type FileCalls, replaceFile } from '../util/atomic-file.ts'
import { hashedName } from './places.ts'
import { identityOf, livenessOf, ownIdentity, parseIdentity, type ProcessIdentity } from '../util/process-identity.ts'

/** What is known of a renewal that has not ended. */
export interface Interruption {
  readonly since: Time
  /** Whether a helper is still at it. */
  readonly goesOn: boolean
}

/**
 * A note on the disk that a token is being presented: whoever finds it later with that token still in place knows that the
 * process that had presented it was killed.
 */
export interface RenewalMark {
  /** A renewal of this token that has not ended; undefined where there was none. */
  find(token: Token): Promise<Interruption | undefined>
  /**
   * @param by `helper`: the process that presents it and may outlive this one; `interrupted`: since when it is not known what
   * became of an earlier renewal of this token
   * @throws the system's error where it cannot be written
   */
  put(token: Token, by: { readonly helper: number | undefined; readonly interrupted: Time | undefined }): Promise<void>
  remove(): Promise<void>
}

/** @param beside the file that a token is kept in */
export function createRenewalMark(beside: string, calls?: FileCalls): RenewalMark {
  const path = `${beside.replace(/\.json$/, '')}.renewing`
  return {
    async find(token) {
      const [of, since = '', helper = '', put = ''] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
      const time = of === nameOf(token) ? parseRfc3339(since) : undefined
      if (time === undefined) return undefined
      return { since: time, goesOn: isAtWork(parseIdentity(helper), parseRfc3339(put) ?? time) }
    },
    async put(token, { helper, interrupted }) {
      const now = timeFrom(Date.now())
      const identity = helper === undefined ? '' : JSON.stringify(identityOf(helper))
      const text = `${nameOf(token)}\n${formatRfc3339(interrupted ?? now)}\n${identity}\n${formatRfc3339(now)}\n`
      await replaceFile(path, text, { mode: 0o600, ...(calls && { calls }) })
    },
    async remove() {
      await unlink(path).catch(() => undefined)
    },
  }
}

function nameOf(token: Token): string {
  return hashedName('refresh', token.refreshToken)
}

/** How long a helper that cannot be looked at is taken to be at work: on another machine, or where the system does not tell. */
const unseen = 30n * second

function isAtWork(helper: ProcessIdentity | undefined, put: Time): boolean {
  if (helper === undefined) return false
  const liveness = livenessOf(helper, ownIdentity())
  return liveness === 'unknown' ? timeFrom(Date.now()) - put < unseen : liveness === 'alive'
}
