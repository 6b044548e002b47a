import { lastErrorText } from './stats.ts'
import type { StatsSnapshot } from './stats-snapshot.ts'
import { secondsLeft } from './stats-text.ts'

/** The numbers that the JSON log carries with a statistics line, under rclone's names (rclone's surface 6). */
export function statsNumbers(s: StatsSnapshot): Readonly<Record<string, unknown>> {
  const { errors } = s
  return {
    bytes: s.bytes,
    ...(s.checking.length > 0 && { checking: s.checking }),
    checks: s.checks,
    deletedDirs: s.deletedDirs,
    deletes: s.deletes,
    elapsedTime: s.elapsed / 1000,
    errors: errors.count,
    eta: secondsLeft(s.bytes, s.totalBytes, s.speed) ?? null,
    fatalError: errors.fatal,
    ...(errors.count > 0 && { lastError: lastErrorText(errors) }),
    listed: s.listed,
    renames: s.renames,
    retryError: errors.retry,
    serverSideCopies: s.serverSideCopies,
    serverSideCopyBytes: s.serverSideCopyBytes,
    serverSideMoveBytes: s.serverSideMoveBytes,
    serverSideMoves: s.serverSideMoves,
    speed: s.speed,
    totalBytes: s.totalBytes,
    totalChecks: s.totalChecks,
    totalTransfers: s.totalTransfers,
    transferTime: s.transferTime / 1000,
    ...(s.transferring.length > 0 && { transferring: s.transferring.map(transferNumbers) }),
    transfers: s.transfers,
  }
}

function transferNumbers({
  name,
  size,
  bytes,
  speed,
}: StatsSnapshot['transferring'][number]): Readonly<Record<string, unknown>> {
  return {
    bytes,
    eta: secondsLeft(bytes, size, speed) ?? null,
    group: 'global_stats',
    name,
    percentage: size > 0 ? Math.floor((100 * bytes) / size) : 0,
    size,
    speed,
    speedAvg: speed,
  }
}
