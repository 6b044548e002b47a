import { readFile, unlink } from 'node:fs/promises'
import { formatRfc3339, parseRfc3339, timeFrom, type Time } from '../core/time.ts'
import type { Token } from '../core/token.ts'
import { type FileCalls, replaceFile } from '../util/atomic-file.ts'
import { hashedName } from './places.ts'

/**
 * A note on the disk that a token is being presented: whoever finds it later with that token still in place knows that the
 * process that had presented it was killed.
 */
export interface RenewalMark {
  /** When a renewal of this token was begun that has not ended; undefined where none was. */
  find(token: Token): Promise<Time | undefined>
  /** @throws the system's error where it cannot be written */
  put(token: Token): Promise<void>
  remove(): Promise<void>
}

/** @param beside the file that a token is kept in */
export function createRenewalMark(beside: string, calls?: FileCalls): RenewalMark {
  const path = `${beside.replace(/\.json$/, '')}.renewing`
  return {
    async find(token) {
      const [of, since = ''] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
      return of === nameOf(token) ? parseRfc3339(since) : undefined
    },
    async put(token) {
      const text = `${nameOf(token)}\n${formatRfc3339(timeFrom(Date.now()))}\n`
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
