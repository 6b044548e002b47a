import type { Path } from '../../core/path.ts'
import type { Links } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { isListedItem, itemOf } from './api/documents.ts'
import { createXmlReader } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'

/** Public links of files and folders (docs/protocol.md §4.12); the address is that of the content, as rclone prints it. */
export function createLinks(drive: Drive): Links {
  return {
    async create(path, { expire, signal } = {}) {
      if (expire !== undefined) {
        const why = 'Jottacloud keeps a public link until it is removed, so that none can expire'
        throw refusal('unsupported', why, { drive, operation: 'link', path, hint: 'Leave --expire out.' })
      }
      const { deleted, publicUri } = await share(drive, path, 'enableShare', { signal })
      if (deleted) await share(drive, path, 'disableShare', { signal })
      if (deleted) throw refusal('not-found', 'it is in the trash', { drive, operation: 'link', path })
      if (publicUri === undefined) {
        throw refusal('protocol', 'the service made no link', { drive, operation: 'link', path })
      }
      const [user, uri] = [await drive.user(signal), publicUri].map(encodeURIComponent)
      return `${drive.wwwUrl}opin/io/downloadPublic/${user}/${uri}`
    },
    async remove(path, options = {}) {
      await share(drive, path, 'disableShare', options)
    },
  }
}

async function share(
  drive: Drive,
  path: Path,
  mode: 'enableShare' | 'disableShare',
  { signal }: CallOptions,
): Promise<WireFile | WireDir> {
  const stored = drive.spellings.stored(path)
  const response = await drive.jfs.get({ operation: 'link', path, stored, query: { mode }, signal })
  const reader = createXmlReader(isListedItem)
  for await (const chunk of response.body) reader.write(chunk)
  return itemOf(reader.end())
}
