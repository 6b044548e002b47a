import { answerContent } from '../content.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile } from '../refusal.ts'
import { currentRevision, filesBelow, type FileItem } from '../state/tree.ts'
import type { World } from '../state/world.ts'

/** `GET /opin/io/downloadPublic/<user>/<publicURI>`: a file with a public link, without login (docs/protocol.md §4.12). */
export function publicDownload(exchange: Exchange, uri: string): Promise<void> {
  const file = sharedFile(exchange.service.store.world, uri)
  if (file === undefined) throw noSuchFile(uri)
  return answerContent(exchange, file, currentRevision(file))
}

function sharedFile(world: Readonly<World>, uri: string): FileItem | undefined {
  for (const device of world.devices.values()) {
    for (const mountpoint of device.mountpoints.values()) {
      for (const file of filesBelow(mountpoint)) if (file.uri === uri && file.deleted === undefined) return file
    }
  }
  return undefined
}
