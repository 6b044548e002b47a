import type { ServerResponse } from 'node:http'
import type { Tally } from './counters.ts'
import type { FaultAction } from './faults.ts'
import { jsonError, xmlError, type Refusal } from './refusal.ts'

/** The ways in which a request is answered; a fault may spoil the answer on its way. */
export interface Reply {
  json(status: number, value: unknown): Promise<void>
  /** A JFS document, whole or in pieces. */
  xml(status: number, document: string | Iterable<string>): Promise<void>
  /** Bytes of a known length. */
  bytes(status: number, headers: Record<string, string | number>, chunks: Iterable<Uint8Array>): Promise<void>
  refuse(refusal: Refusal, style: 'xml' | 'json'): Promise<void>
  /** Answers with a status and a text that may be anything. */
  text(status: number, headers: Record<string, string | number>, text: string): Promise<void>
}

const XML_TYPE = 'text/xml;charset=UTF-8'
const BLOCK_LENGTH = 1 << 17
let traces = 0

/** Makes the reply to one request. */
export function createReply(response: ServerResponse, tally: Tally, action: FaultAction | undefined): Reply {
  const send = (
    status: number,
    headers: Record<string, string | number>,
    chunks: Iterable<Uint8Array>,
  ): Promise<void> => sendBody(response, { status, headers, chunks, tally, action })
  const text = (status: number, headers: Record<string, string | number>, body: string): Promise<void> => {
    const bytes = Buffer.from(spoiled(body, action))
    return send(status, { ...headers, 'Content-Length': bytes.byteLength }, [bytes])
  }
  const xml = (status: number, document: string | Iterable<string>): Promise<void> => {
    if (typeof document === 'string') return text(status, { 'Content-Type': XML_TYPE }, document)
    const blocks = gathered(document, action)
    const first = blocks.next().value ?? Buffer.alloc(0)
    const second = blocks.next().value
    const length = second === undefined ? { 'Content-Length': first.byteLength } : {}
    return send(status, { 'Content-Type': XML_TYPE, ...length }, chained([first, second], blocks))
  }
  const json = (status: number, value: unknown): Promise<void> =>
    text(status, { 'Content-Type': 'application/json' }, JSON.stringify(value))
  return {
    json,
    xml,
    bytes: send,
    text,
    refuse(refusal, style) {
      const traceId = String(++traces).padStart(12, '0')
      if (refusal.plain) return text(refusal.status, { 'Content-Type': 'text/plain' }, refusal.message)
      const body = style === 'xml' ? xmlError(refusal, traceId) : JSON.stringify(jsonError(refusal, traceId))
      const type = style === 'xml' ? XML_TYPE : 'application/json'
      return text(refusal.status, { 'Content-Type': type, ...refusal.headers }, body)
    },
  }
}

interface Body {
  readonly status: number
  readonly headers: Record<string, string | number>
  readonly chunks: Iterable<Uint8Array>
  readonly tally: Tally
  readonly action: FaultAction | undefined
}

async function sendBody(response: ServerResponse, body: Body): Promise<void> {
  const { action, tally } = body
  if (action !== undefined && 'effectThenReset' in action) return void response.socket?.destroy()
  response.writeHead(body.status, body.headers)
  let left =
    action !== undefined && 'reset' in action && action.reset === 'response-body' ? action.afterBytes : Infinity
  let flip = action !== undefined && 'corrupt' in action
  for (const chunk of body.chunks) {
    if (response.destroyed) return
    const cut = chunk.byteLength >= left ? chunk.subarray(0, left) : chunk
    const bytes = flip && cut.byteLength > 0 ? flipped(cut) : cut
    flip = flip && cut.byteLength === 0
    left -= bytes.byteLength
    tally.sent(bytes.byteLength)
    if (left <= 0) return cutShort(response, bytes)
    if (!response.write(bytes)) await drained(response)
  }
  response.end()
}

// Destroying at once would lose what is still in the buffers.
function cutShort(response: ServerResponse, last: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(last, () => {
      response.socket?.destroy()
      resolve()
    })
  })
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

function flipped(chunk: Uint8Array): Uint8Array {
  const copy = new Uint8Array(chunk)
  copy[0] = (copy[0] ?? 0) ^ 0xff
  return copy
}

function spoiled(text: string, action: FaultAction | undefined): string {
  if (action === undefined || !('wrongMd5' in action)) return text
  return text.replace(
    /(<md5>|"md5":")([0-9a-f])/gi,
    (_, tag: string, digit: string) => `${tag}${(Number.parseInt(digit, 16) ^ 1).toString(16)}`,
  )
}

// Long documents go out in few, large pieces.
function* gathered(document: Iterable<string>, action: FaultAction | undefined): Generator<Buffer, undefined> {
  let text = ''
  for (const piece of document) {
    text += piece
    if (text.length < BLOCK_LENGTH) continue
    yield Buffer.from(spoiled(text, action))
    text = ''
  }
  if (text !== '') yield Buffer.from(spoiled(text, action))
  return undefined
}

function* chained(first: readonly (Buffer | undefined)[], rest: Iterable<Buffer>): Generator<Buffer> {
  for (const block of first) if (block !== undefined) yield block
  yield* rest
}
