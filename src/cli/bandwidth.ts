import type { Bandwidth, Logger } from '../core/context.ts'
import type { BwTimetable, Rates } from '../options/bw-timetable.ts'
import { formatRates, ratesAt } from '../options/bw-timetable.ts'
import { createPace } from '../util/pace.ts'
import type { Host } from './host.ts'

/** The bandwidth limit of a run. */
export interface RunBandwidth extends Bandwidth {
  close(): void
}

/** `--bwlimit`, which SIGUSR2 switches off and on (rclone's surface 2.2, "BwTimetable"). */
export function openBandwidth(timetable: BwTimetable, host: Host, log: Logger): RunBandwidth {
  if (timetable.kind === 'always' && !isLimit(timetable.rates))
    return { take: () => Promise.resolve(), close: () => undefined }
  let on = true
  const now = (): Rates => (on ? ratesAt(timetable, host.now()) : { up: -1, down: -1 })
  const pace = createPace((direction) => now()[direction])
  if (isLimit(now())) log.log({ level: 'INFO', text: `Starting bandwidth limiter at ${formatRates(now())} Byte/s` })
  const toggle = (): void => {
    on = !on
    log.log({ level: 'NOTICE', text: on ? 'Bandwidth limit enabled' : 'Bandwidth limit disabled' })
  }
  return { take: (...taken) => pace.take(...taken), close: host.onToggle?.(toggle) ?? (() => undefined) }
}

function isLimit({ up, down }: Rates): boolean {
  return up > 0 || down > 0
}
