import type { CallOptions } from '../../core/stream.ts'
import { requestOk } from './api/request.ts'
import type { Drive } from './drive.ts'

/** Empties the trash of the account, of all its devices (docs/protocol.md §3.4). */
export async function cleanUp(drive: Drive, { signal }: CallOptions = {}): Promise<void> {
  const response = await requestOk(
    drive.http,
    { method: 'POST', url: `${drive.apiUrl}files/v1/purge_trash`, signal },
    { remote: drive.name, operation: 'cleanup', repeatable: true, changes: true },
  )
  await response.discard()
}
