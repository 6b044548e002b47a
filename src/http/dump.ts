import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import type { Logger } from '../core/context.ts'
import type { DumpFlag } from '../core/env.ts'
import { messageOf } from '../core/errors.ts'
import { collect } from '../core/stream.ts'
import type { Message, Outcome } from './exchange.ts'
import { redact, redactHeader } from './redact.ts'
import { type Answer, replayed } from './response.ts'
import type { StreamBody } from './types.ts'

type Send = (message: Message) => Promise<Outcome>

/**
 * Sends a message and writes it and its answer to the log at DEBUG, framed as rclone's `--dump` does. Bodies that are shown
 * are held in memory. `requests` shows the bodies of requests, `responses` those of answers, `bodies` both, `headers`
 * none; secrets are XXXX unless `auth` is there.
 * @returns undefined where nothing is to be written
 */
export function createDump(
  flags: ReadonlySet<DumpFlag>,
  log: Logger,
): ((message: Message, send: Send) => Promise<Outcome>) | undefined {
  const shown = ['headers', 'bodies', 'requests', 'responses'] as const
  if (!shown.some((flag) => flags.has(flag)) || !log.enabled('DEBUG')) return undefined
  const secrets = flags.has('auth')
  const withRequests = flags.has('bodies') || flags.has('requests')
  const withResponses = flags.has('bodies') || flags.has('responses')
  let count = 0
  const write = (mark: '>' | '<', ...texts: readonly string[]): void => {
    const line = mark.repeat(60)
    for (const text of [line, ...texts, line]) log.log({ level: 'DEBUG', text })
  }
  return async (message, send) => {
    const id = `(req 0x${(++count).toString(16).padStart(10, '0')})`
    const sent = withRequests ? await buffered(message) : message
    write('>', `HTTP REQUEST ${id}`, requestText(sent, withRequests, secrets))
    const outcome = await send(sent)
    if ('failure' in outcome) {
      write('<', `HTTP RESPONSE ${id}`, `Error: ${outcome.failure.message}`)
      return outcome
    }
    const { response } = outcome
    if (!withResponses) {
      write('<', `HTTP RESPONSE ${id}`, responseText(response, undefined, secrets))
      return outcome
    }
    try {
      const bytes = await collect(response.body)
      write('<', `HTTP RESPONSE ${id}`, responseText(response, bytes, secrets))
      return { response: replayed(response, bytes, message.request) }
    } catch (error) {
      write('<', `HTTP RESPONSE ${id}`, responseText(response, undefined, secrets), `Error: ${messageOf(error)}`)
      throw error
    }
  }
}

async function buffered(message: Message): Promise<Message> {
  const { request } = message
  if (!isStream(request.body)) return message
  return { ...message, request: { ...request, body: await collect(request.body.stream()) } }
}

function isStream(body: Message['request']['body']): body is StreamBody {
  return typeof body === 'object' && 'stream' in body
}

function requestText(message: Message, withBody: boolean, secrets: boolean): string {
  const { request, origin, headers, path } = message
  const { body } = request
  const known = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined
  const length = known?.length ?? (isStream(body) ? body.length : request.method === 'POST' ? 0 : undefined)
  const lines = Object.entries({ host: origin.replace(/^\w+:\/\//, ''), ...headers }).flatMap(([name, value]) =>
    [value].flat().map((one) => headerLine(name, one, secrets)),
  )
  if (length !== undefined) lines.push(`Content-Length: ${length}`)
  const start = `${request.method} ${secrets ? path : redact(path)} HTTP/1.1`
  return [start, ...lines, '', bodyText(withBody ? known : undefined, secrets)].join('\n')
}

function responseText(response: Answer, bytes: Uint8Array | undefined, secrets: boolean): string {
  const lines = response.headers.map(([name, value]) => headerLine(name, value, secrets))
  const start = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`.trimEnd()
  return [start, ...lines, '', bodyText(bytes, secrets)].join('\n')
}

function headerLine(name: string, value: string, secrets: boolean): string {
  const title = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
  return `${title}: ${secrets ? value : redactHeader(name, value)}`
}

function bodyText(bytes: Uint8Array | undefined, secrets: boolean): string {
  const text = new TextDecoder().decode(bytes)
  return secrets ? text : redact(text)
}
