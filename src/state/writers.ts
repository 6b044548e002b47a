import { rmSync } from 'node:fs'
import type { Writers } from '../core/remembered.ts'
import type { ProcessIdentity } from '../util/process-identity.ts'
import { livenessOf, ownIdentity } from '../util/process-identity.ts'
import { identityAt, recordPath, recordsBelow, writeRecord } from './record-file.ts'

/** A record for each process that writes, below the folder `root`. */
export function createWriters(root: string): Writers & { leave(): void } {
  let self: ProcessIdentity | undefined
  let own: string | undefined
  let inherits = false
  const isDead = (writer: ProcessIdentity): boolean => self !== undefined && livenessOf(writer, self) === 'dead'
  return {
    arrive() {
      if (self) return
      self = ownIdentity()
      for (const { path, writer } of writersBelow(root)) {
        if (!isDead(writer)) continue
        inherits = true
        rmSync(path, { force: true })
      }
      const identity = JSON.stringify(self)
      const path = recordPath(root, identity)
      writeRecord(path, identity)
      own = path
    },
    leftAlone: () => inherits && writersBelow(root).every(({ path, writer }) => path === own || isDead(writer)),
    leave() {
      if (own !== undefined) rmSync(own, { force: true })
    },
  }
}

function writersBelow(root: string): readonly { readonly path: string; readonly writer: ProcessIdentity }[] {
  return recordsBelow(root).flatMap((path) => {
    const writer = identityAt(path)
    return writer ? [{ path, writer }] : []
  })
}
