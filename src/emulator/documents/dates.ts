let lastSecond = Number.NaN
let lastFormatted = ''
let lastMs = Number.NaN
let lastRfc3339 = ''

/** JFS spelling of a time, `2026-03-04-T05:06:07Z`, always UTC; empty for never (docs/protocol.md §4.2). */
export function jfsDate(ms: number | undefined): string {
  if (ms === undefined) return ''
  const second = Math.floor(ms / 1000)
  if (second !== lastSecond) {
    const iso = new Date(second * 1000).toISOString()
    lastFormatted = `${iso.slice(0, -14)}-${iso.slice(-14, -5)}Z`
    lastSecond = second
  }
  return lastFormatted
}

/** RFC 3339 with milliseconds, as in `mode=liststream`. */
export function rfc3339(ms: number): string {
  if (ms !== lastMs) {
    lastRfc3339 = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastRfc3339
}

const WITH_ZONE = /^(\d{4}-\d\d-\d\d)-?[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?(?:[+-]\d\d:?\d\d)?$/

/**
 * Reads a time in any spelling that clients send: JFS, RFC 3339, milliseconds, ISO without zone (taken as UTC) and
 * what JavaScript understands. Gives milliseconds since 1970 in whole seconds; what cannot be read becomes `otherwise`
 * (docs/protocol.md §3.2 and §4.2).
 */
export function parseDate(value: unknown, otherwise: number): number {
  const parsed = typeof value === 'number' ? value : typeof value === 'string' ? parseText(value) : Number.NaN
  return wholeSeconds(Math.abs(parsed) <= 8.64e15 ? parsed : otherwise)
}

/** Cuts a time to the resolution of the service (docs/protocol.md §6.1). */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

function parseText(text: string): number {
  if (/^-?\d{5,}$/.test(text)) return Number(text)
  const match = WITH_ZONE.exec(text)
  if (match === null) return Date.parse(text)
  const [, day, clock, zone = 'Z'] = match
  return Date.parse(`${day}T${clock}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`)
}
