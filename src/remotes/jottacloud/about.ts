import type { Usage } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import { userOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'

/** Space of the whole account, whatever the path; an unlimited one has neither total nor free (docs/protocol.md §4.3). */
export async function about(drive: Drive, options: CallOptions = {}): Promise<Usage> {
  const response = await drive.jfs.account('about', options)
  const { capacity, usage } = userOf(await readXml(response.body))
  if (capacity === undefined || capacity <= 0) return { used: usage }
  return { total: capacity, used: usage, free: usage === undefined ? undefined : capacity - usage }
}
