import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** Bytes that the heap holds when all garbage is gone. */
export function heldBytes(): number {
  if (typeof collect !== 'function') throw new Error('this Node does not let its garbage be collected')
  collect()
  return process.memoryUsage().heapUsed
}
