import { timeFrom } from '../core/time.ts'
import type { GlobalOptions } from '../options/common.ts'
import { formatTime } from '../options/time-layout.ts'
import { timerMilliseconds } from './http-settings.ts'
import type { CliLogger } from './log.ts'
import type { LogThreshold } from './log-settings.ts'
import type { Progress } from './progress.ts'
import type { Stats } from './stats.ts'
import { statsNumbers } from './stats-json.ts'
import { formatStats } from './stats-text.ts'
import type { StatsLook } from './stats-text.ts'

/** How often `--progress` draws, in milliseconds, where `--stats` says nothing else. */
const usualInterval = 500

/** What shows the statistics of a run while it lasts and at its end. */
export interface Display {
  start(): void
  /** Stops the timers. */
  stop(): void
  /** Ends the progress block and logs the last statistics. */
  end(): void
}

/** What a display shows and when. */
export interface DisplaySettings {
  readonly global: GlobalOptions
  /** `--stats` is on the command line. */
  readonly statsGiven: boolean
  /** The command shows statistics by itself. */
  readonly statsWanted: boolean
  readonly stats: Stats
  readonly log: CliLogger
  readonly progress: Progress | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Statistics every `--stats` and at the end, or a progress block (rclone's surface 1.1 "Stats at the end", 6). */
export function createDisplay(settings: DisplaySettings): Display {
  const { global, statsGiven, statsWanted, stats, log, progress } = settings
  const timers: NodeJS.Timeout[] = []
  const shown = statsWanted || statsGiven
  const interval = timerMilliseconds(global.stats)
  const every = (ms: number, act: () => void): void => {
    timers.push(setInterval(act, ms).unref())
  }
  const logStats = (): void => {
    const level: LogThreshold = global.dryRun || global.interactive ? 'NOTICE' : global.statsLogLevel
    if (level === 'OFF' || !log.enabled(level)) return
    const snapshot = stats.snapshot()
    log.log({
      level,
      text: `${formatStats(snapshot, lookOf(global, settings.now()))}\n`,
      stats: statsNumbers(snapshot),
    })
  }
  const stop = (): void => {
    for (const timer of timers.splice(0)) clearInterval(timer)
  }

  return {
    stop,
    start() {
      if (shown || progress) every(1000, () => stats.sample())
      if (progress) every(statsGiven && interval > 0 ? interval : usualInterval, () => progress.draw())
      else if (shown && interval > 0) every(interval, logStats)
    },
    end() {
      stop()
      progress?.end()
      if (shown && (stats.errors.count > 0 || global.stats > 0n)) logStats()
    },
  }
}

/** How the statistics of a run look now (milliseconds since 1970). */
export function lookOf(global: GlobalOptions, now: number): StatsLook {
  const layout = global.statsOneLineDateFormat || (global.statsOneLineDate ? '2006/01/02 15:04:05 - ' : '')
  return {
    oneLine: global.statsOneLine || layout !== '',
    stamp: layout === '' ? '' : formatTime(timeFrom(now), layout),
    unit: global.statsUnit === 'bits' ? 'bits' : 'bytes',
    nameLength: global.statsFileNameLength,
  }
}
