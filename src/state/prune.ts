import { rmSync, statSync } from 'node:fs'
import { filesBelow, readRecord, writeRecord } from './record-file.ts'

export const millisecondsOfDay = 86_400_000
/** What was of no use for so many days goes. */
export const keptDays = 180
/** How long a record may be in the making, in milliseconds. */
const making = 3_600_000

/**
 * Once a day: removes records that nobody has touched for long, and what killed processes were about to make records of.
 * @param marker the file that says when it was last done
 * @param now milliseconds since 1970
 */
export function prune(roots: readonly string[], marker: string, now: number): void {
  const last = readRecord(marker)
  if (typeof last === 'number' && now - last < millisecondsOfDay) return
  try {
    writeRecord(marker, now)
    for (const path of roots.flatMap(filesBelow)) {
      const kept = path.endsWith('.new') ? making : keptDays * millisecondsOfDay
      if (now - statSync(path).mtimeMs > kept) rmSync(path, { force: true })
    }
  } catch {
    // Somebody else prunes at the same time
  }
}
