import type { Logger } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import { isWithin, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'

/** The log of remotes, whose lines name whole paths: they are shown as seen from the place that an argument named. */
export interface RelativeLog extends Logger {
  /** Remembers a place that was opened. */
  opened(place: Location): void
}

/** Passes on to `log`; a path below no place that was opened stays whole. */
export function createRelativeLog(log: Logger): RelativeLog {
  const places: Path[] = []
  const shown = (object: string): string => {
    const place = places.find((candidate) => object !== candidate && isWithin(object, candidate))
    return place === undefined ? object : relative(object, place)
  }
  return {
    enabled: (level) => log.enabled(level),
    log: (record) => log.log(record.object === undefined ? record : { ...record, object: shown(record.object) }),
    opened({ path }) {
      if (path !== '') places.push(path)
      places.sort((a, b) => b.length - a.length)
    },
  }
}
