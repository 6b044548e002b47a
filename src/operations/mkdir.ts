import type { Context } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'

/**
 * Makes a directory with its parents; fine if it exists. Says `FS: Making directory` either way (rclone's surface §1.4).
 * @throws StorageError 'exists' where a file has the name
 */
export async function mkdir(ctx: Context, { remote, path }: Location, gate: Gate = openGate): Promise<void> {
  const object = remote.facts(path).description
  if ((await gate({ action: 'make directory', object })) !== 'do') return
  ctx.log.log({ level: 'INFO', object, text: 'Making directory' })
  await remote.mkdir(path, { signal: ctx.signal })
}
