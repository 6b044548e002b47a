import type { ServerResponse } from 'node:http'
import type { Tally } from './counters.ts'
import type { FaultAction } from './fault-action.ts'
import { jsonError, Refusal, xmlError } from './refusal.ts'
import { send, type Headers } from './send.ts'

/** The ways in which a request is answered; a fault may spoil the answer on its way. */
export interface Reply {
  json(status: number, value: unknown): Promise<void>
  /** A JFS document, whole or in pieces. */
  xml(status: number, document: string | Iterable<string>): Promise<void>
  /** Bytes of a known length. */
  bytes(status: number, headers: Headers, chunks: Iterable<Uint8Array>): Promise<void>
  refuse(refusal: Refusal, style: 'xml' | 'json'): Promise<void>
  /** Answers with a status and a text that may be anything. */
  text(status: number, headers: Headers, text: string): Promise<void>
}

const XML_TYPE = 'text/xml;charset=UTF-8'
const JSON_TYPE = 'application/json'
const BLOCK_LENGTH = 1 << 17
let traces = 0

/** Makes the reply to one request. */
export function createReply(response: ServerResponse, tally: Tally, action: FaultAction | undefined): Reply {
  const bytes: Reply['bytes'] = (status, headers, chunks) => send(response, { status, headers, chunks, tally, action })
  const text: Reply['text'] = (status, headers, body) => {
    const block = Buffer.from(body)
    return bytes(status, { ...headers, 'Content-Length': block.byteLength }, [block])
  }
  const refuse: Reply['refuse'] = (refusal, style) => {
    const traceId = String(++traces).padStart(12, '0')
    if (refusal.plain) return text(refusal.status, { 'Content-Type': 'text/plain' }, refusal.message)
    const body = style === 'xml' ? xmlError(refusal, traceId) : JSON.stringify(jsonError(refusal, traceId))
    const type = style === 'xml' ? XML_TYPE : JSON_TYPE
    return text(refusal.status, { 'Content-Type': type, ...refusal.headers }, body)
  }
  // The work is done; what the client is told of it is another matter.
  const document = (status: number, type: string, pieces: Iterable<string>): Promise<void> => {
    if (action !== undefined && 'effectThenStatus' in action) {
      const style = type === XML_TYPE ? 'xml' : 'json'
      return refuse(new Refusal(action.effectThenStatus, undefined, 'A fault was asked for'), style)
    }
    const blocks = gathered(spoiled(pieces, action))
    const first = blocks.next().value ?? Buffer.alloc(0)
    const second = blocks.next().value
    const length = second === undefined ? { 'Content-Length': first.byteLength } : {}
    return bytes(status, { 'Content-Type': type, ...length }, chained([first, second], blocks))
  }
  return {
    json: (status, value) => document(status, JSON_TYPE, [JSON.stringify(value)]),
    xml: (status, content) => document(status, XML_TYPE, typeof content === 'string' ? [content] : content),
    bytes,
    text,
    refuse,
  }
}

function spoiled(pieces: Iterable<string>, action: FaultAction | undefined): Iterable<string> {
  if (action !== undefined && 'malformed' in action) return ['<html><body><h1>It works']
  if (action !== undefined && 'wrongMd5' in action) return withWrongMd5(pieces)
  return pieces
}

function* withWrongMd5(pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) {
    yield piece.replace(
      /(<md5>|"md5":")([0-9a-f])/gi,
      (_, tag: string, digit: string) => `${tag}${(Number.parseInt(digit, 16) ^ 1).toString(16)}`,
    )
  }
}

// Long documents go out in few, large pieces.
function* gathered(document: Iterable<string>): Generator<Buffer, undefined> {
  let text = ''
  for (const piece of document) {
    text += piece
    if (text.length < BLOCK_LENGTH) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
  return undefined
}

function* chained(first: readonly (Buffer | undefined)[], rest: Iterable<Buffer>): Generator<Buffer> {
  for (const block of first) if (block !== undefined) yield block
  yield* rest
}
