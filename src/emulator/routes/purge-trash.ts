import type { Exchange } from '../exchange.ts'
import { checkLocks } from '../locks.ts'
import { trashedTops } from '../state/trashed.ts'
import { walk, type Devices } from '../state/tree.ts'

/** `POST files/v1/purge_trash`: empties the trash of all devices and answers what it held (docs/protocol.md §3.4). */
export function purgeTrash({ service, request, reply }: Exchange): Promise<void> {
  service.authorise(request)
  checkLocks(service, 'delete')
  const { store, dialect } = service
  const remember = dialect.revisionAfterHardDelete === 'continues' ? ({ remember: true } as const) : {}
  const counts = countTrashed(store.world.devices)
  store.commit({ op: 'purge', at: store.now(), ...remember })
  return reply.json(200, counts)
}

function countTrashed(devices: Devices): { folders: number; files: number } {
  let folders = 0
  let files = 0
  for (const item of trashedTops(devices)) {
    for (const container of item.kind === 'file' ? [] : walk(item)) {
      folders++
      files += container.files.size
    }
    if (item.kind === 'file') files++
  }
  return { folders, files }
}
