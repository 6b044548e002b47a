import type { RunEvent } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import { createSpeed } from './speed.ts'
import type { Speed } from './speed.ts'
import type { StatsSnapshot } from './stats-snapshot.ts'

/** The events of checks and transfers. */
type WorkEvent = Extract<RunEvent, { readonly type: `check-${string}` | `transfer-${string}` }>

/** The numbers of {@link StatsSnapshot} that come from checks and transfers. */
type WorkCounts = Pick<
  StatsSnapshot,
  | 'bytes'
  | 'totalBytes'
  | 'checks'
  | 'totalChecks'
  | 'checkQueue'
  | 'transfers'
  | 'totalTransfers'
  | 'transferQueue'
  | 'transferTime'
  | 'checking'
  | 'transferring'
>

/** Follows checks and transfers from the queue to their end. */
interface Work {
  report(event: WorkEvent): void
  sample(seconds: number): void
  counts(): WorkCounts
}

interface Underway {
  readonly size: number | undefined
  position: number
  readonly speed: Speed
}

/**
 * Nothing checked or transferred yet.
 * @param now milliseconds
 * @param onBytes told of bytes that have newly arrived
 */
export function createWork(now: () => number, onBytes: (bytes: number) => void): Work {
  const checking = new Set<Path>()
  const underway = new Map<Path, Underway>()
  const queue = { checks: 0, transfers: 0, bytes: 0 }
  const done = { checks: 0, transfers: 0, bytes: 0, time: 0 }
  let busySince = 0

  const arrive = (transfer: Underway | undefined, position: number): void => {
    // A resend starts further back: what was counted stays counted
    const more = Math.max(0, position - (transfer?.position ?? 0))
    done.bytes += more
    onBytes(more)
    if (!transfer) return
    transfer.speed.add(more)
    transfer.position += more
  }
  const start = (path: Path, size: number | undefined): void => {
    if (queue.transfers > 0) {
      queue.transfers--
      queue.bytes -= size ?? 0
    }
    if (underway.size === 0) busySince = now()
    underway.set(path, { size, position: 0, speed: createSpeed() })
  }
  const end = (path: Path, size: number, failed: boolean): void => {
    const transfer = underway.get(path)
    if (!failed) {
      arrive(transfer, size)
      done.transfers++
    }
    if (underway.delete(path) && underway.size === 0) done.time += now() - busySince
  }

  return {
    report(event) {
      switch (event.type) {
        case 'check-planned':
          queue.checks++
          return
        case 'check-started':
          queue.checks = Math.max(0, queue.checks - 1)
          checking.add(event.path)
          return
        case 'check-done':
          checking.delete(event.path)
          done.checks++
          return
        case 'transfer-planned':
          queue.transfers++
          queue.bytes += event.size ?? 0
          return
        case 'transfer-started':
          start(event.path, event.size)
          return
        case 'transfer-progress':
          arrive(underway.get(event.path), event.position)
          return
        case 'transfer-done':
          end(event.path, event.size, event.failed)
      }
    },
    sample(seconds) {
      for (const { speed } of underway.values()) speed.sample(seconds)
    },
    counts() {
      const rest = [...underway.values()].reduce(
        (sum, { size, position }) => sum + Math.max(0, (size ?? 0) - position),
        0,
      )
      return {
        bytes: done.bytes,
        totalBytes: done.bytes + rest + queue.bytes,
        checks: done.checks,
        checkQueue: queue.checks,
        totalChecks: done.checks + queue.checks + checking.size,
        transfers: done.transfers,
        transferQueue: queue.transfers,
        totalTransfers: done.transfers + queue.transfers + underway.size,
        transferTime: done.time + (underway.size > 0 ? now() - busySince : 0),
        checking: [...checking],
        transferring: [...underway].map(([name, { size, position, speed }]) => ({
          name,
          size: size ?? -1,
          bytes: position,
          speed: speed.value,
        })),
      }
    },
  }
}
