import type { Readable, Writable } from 'node:stream'
import { silent } from '../../../core/context.ts'
import { isStorageError, messageOf, StorageError } from '../../../core/errors.ts'
import { collect } from '../../../core/stream.ts'
import { formatTokenBlob } from '../../../core/token-blob.ts'
import type { Token } from '../../../core/token.ts'
import { createHttpClient } from '../../../http/client.ts'
import { refreshToken } from '../../../http/oauth.ts'
import { replaceFile } from '../../../util/atomic-file.ts'
import { formatAnswer, parseJob, type RefreshJob } from './refresh-job.ts'

/**
 * The program of a helper: takes a job from `input`, refreshes, and has the new token on disk before it answers. It outlives
 * the process that asked, whose end between the service's answer and the disk would otherwise be the end of the login.
 */
export async function runRefreshHelper(input: Readable, output: Writable): Promise<void> {
  // Whoever asked may be gone by then.
  output.on('error', () => undefined)
  const job = parseJob(Buffer.from(await collect(input)).toString())
  const outcome = await refresh(job).catch((error: unknown) =>
    isStorageError(error) ? error : new StorageError('io', messageOf(error), { effect: 'unknown' }),
  )
  // Where it cannot be left, who asked stores it.
  if (!(outcome instanceof StorageError)) await leave(job.leaveAt, outcome).catch(() => undefined)
  await new Promise<void>((resolve) => void output.write(formatAnswer(outcome), () => resolve()))
}

async function refresh({ credentials, refreshToken: spent, http }: RefreshJob): Promise<Token> {
  const client = createHttpClient({ ...http, dump: new Set() }, silent)
  try {
    return await refreshToken({ client, ...credentials, refreshToken: spent })
  } finally {
    await client.close()
  }
}

function leave(path: string, token: Token): Promise<void> {
  return replaceFile(path, formatTokenBlob(token), { mode: 0o600 })
}
