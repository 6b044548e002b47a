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
export function openBandwidth(timetable: BwTimetable, host: Pick<Host, 'now' | 'onToggle'>, log: Logger): RunBandwidth {
  let on = true
  let current = ratesAt(timetable, host.now())
  if (isLimit(current)) log.log({ level: 'INFO', text: `Starting bandwidth limiter at ${formatRates(current)} Byte/s` })
  const rates = (): Rates => {
    const now = ratesAt(timetable, host.now())
    if (now.up !== current.up || now.down !== current.down)
      log.log({ level: 'NOTICE', text: `Scheduled bandwidth change. ${described(now, on)}` })
    current = now
    return on ? current : noLimit
  }
  const toggle = (): void => {
    rates()
    if (!isLimit(current)) {
      const text = 'SIGUSR2 received but no bandwidth limit configured right now, ignoring'
      return log.log({ level: 'DEBUG', text })
    }
    on = !on
    const text = on ? `enabled by user (now ${formatRates(current)})` : 'disabled by user (now off)'
    log.log({ level: 'NOTICE', text: `Bandwidth limit ${text}` })
  }
  const pace = createPace((direction) => rates()[direction])
  const never = timetable.kind === 'always' && !isLimit(current)
  return {
    most: never ? () => Infinity : (direction) => pace.most(direction),
    take: never ? () => Promise.resolve() : (...taken) => pace.take(...taken),
    close: host.onToggle?.(toggle) ?? (() => undefined),
  }
}

const noLimit: Rates = { up: -1, down: -1 }

function described(rates: Rates, on: boolean): string {
  if (!isLimit(rates)) return 'Bandwidth limits disabled'
  const limit = `${formatRates(rates)} Byte/s`
  return on ? `Limit set to ${limit}` : `Limit will be set to ${limit} when toggled on again.`
}

function isLimit({ up, down }: Rates): boolean {
  return up > 0 || down > 0
}
