import type { Logger } from '../core/context.ts'
import type { HttpSettings } from '../core/env.ts'
import { StorageError } from '../core/errors.ts'
import { createDump } from './dump.ts'
import { type Message, exchange } from './exchange.ts'
import { type Pacer, createPacer } from './pacer.ts'
import { redact } from './redact.ts'
import { withRetries } from './retry.ts'
import { type Transport, createTransport } from './transport.ts'
import type { HttpClient, HttpRequest } from './types.ts'

/**
 * A client that speaks HTTP/1.1 over connections kept alive, without compression. undici is loaded at the first request.
 * @param log takes the DEBUG lines of retries and of `settings.dump`
 */
export function createHttpClient(settings: HttpSettings, log: Logger): HttpClient {
  const dump = createDump(settings.dump, log)
  const pacers = new Map<string, Pacer>()
  let opening: Promise<Transport> | undefined
  let closed = false

  const pacerFor = (origin: string): Pacer => {
    let pacer = pacers.get(origin)
    if (!pacer) {
      pacer = createPacer()
      pacers.set(origin, pacer)
    }
    return pacer
  }

  return {
    async request(request) {
      if (closed) throw new StorageError('network', `${request.operation}: the connection is closed already`)
      const message = compose(request, settings)
      opening ??= createTransport(settings)
      const transport = await opening
      const send = async (toSend: Message) => {
        await settings.turn?.(request.signal)
        return await exchange(transport, toSend, settings.idleTimeout)
      }
      return withRetries(request, {
        attempts: settings.attempts,
        pacer: pacerFor(message.origin),
        log,
        send: () => (dump ? dump(message, send) : send(message)),
      })
    },
    async close() {
      closed = true
      const transport = await opening?.catch(() => undefined)
      await transport?.close()
    },
  }
}

function compose(request: HttpRequest, settings: HttpSettings): Message {
  // Not parsed by URL, which would rewrite escapes and dots that names of files consist of.
  const [, origin, path] = /^(https?:\/\/[^/?#]+)([^#]*)/i.exec(request.url) ?? []
  if (origin === undefined || path === undefined) {
    throw new StorageError('protocol', `${request.operation}: no URL to send to: ${redact(request.url)}`)
  }
  const headers: Record<string, string | string[]> = { 'user-agent': settings.userAgent }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  const more = [...settings.headers, ...(settings.headersOf?.[request.operation] ?? [])]
  for (const [name, value] of more) add(headers, name.toLowerCase(), value)
  return { request, origin: origin.toLowerCase(), path: path.startsWith('/') ? path : `/${path}`, headers }
}

/** Adds as `--header` does: beside one that is there, but a User-Agent stands alone. */
function add(headers: Record<string, string | string[]>, name: string, value: string): void {
  const present = headers[name]
  headers[name] = present === undefined || name === 'user-agent' ? value : [present, value].flat()
}
