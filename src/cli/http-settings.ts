import type { HttpSettings } from '../core/env.ts'
import { StorageError } from '../core/errors.ts'
import type { GlobalOptions } from '../options/common.ts'
import { durationOff } from '../options/duration.ts'
import type { Duration } from '../options/duration.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { Environment } from '../options/resolve.ts'
import { createPace } from '../util/pace.ts'
import { version } from './version.ts'

/** The longest that a timer can wait. */
const longestTimer = 2 ** 31 - 1

/** How HTTP is spoken in a run. @throws StorageError 'config' for a header that is none */
export function httpSettings(global: GlobalOptions, environment: Environment): HttpSettings {
  return {
    userAgent: global.userAgent || `fjord/${version}`,
    connectTimeout: timerMilliseconds(global.contimeout),
    idleTimeout: timerMilliseconds(global.timeout),
    attempts: Math.max(1, global.lowLevelRetries),
    turn: requestTurns(global),
    headers: global.header.map(parseHeader),
    headersOf: { upload: global.headerUpload.map(parseHeader), download: global.headerDownload.map(parseHeader) },
    caCerts: global.caCert,
    clientCert: global.clientCert || undefined,
    clientKey: global.clientKey || undefined,
    clientPass: global.clientPass || undefined,
    insecure: global.noCheckCertificate,
    bind: global.bind || undefined,
    proxy: global.httpProxy || undefined,
    closeConnections: global.disableHttpKeepAlives,
    dump: dumped(global),
    environment,
  }
}

/** `--dump`, as far as it is about HTTP, and the old flags for the same. */
function dumped({ dump, dumpHeaders, dumpBodies }: GlobalOptions): HttpSettings['dump'] {
  const flags = (['headers', 'bodies', 'requests', 'responses', 'auth'] as const).filter((flag) => dump.has(flag))
  return new Set([...flags, ...(dumpHeaders ? ['headers' as const] : []), ...(dumpBodies ? ['bodies' as const] : [])])
}

/** Milliseconds for a timer, rounded up; 0 for ever. */
export function timerMilliseconds(duration: Duration): number {
  if (duration === durationOff || duration <= 0n) return 0
  return Math.min(longestTimer, Math.ceil(Number(duration) / 1e6))
}

/** `--tpslimit`: a burst may go at once, and then so many a second. */
function requestTurns({ tpslimit, tpslimitBurst }: GlobalOptions): HttpSettings['turn'] {
  if (tpslimit <= 0) return undefined
  const pace = createPace(() => tpslimit, { burst: tpslimitBurst, rested: true })
  return (signal) => pace.take('up', 1, signal)
}

function parseHeader(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':')
  if (colon <= 0) {
    throw new StorageError(
      'config',
      `failed to parse ${goQuote(text)} as an HTTP header. Expecting a string like: 'Cache-Control: no-store'`,
    )
  }
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}
