import { expect, test } from 'vitest'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/types.ts'
import { createNames } from './names.ts'
import type { Drive } from './drive.ts'
import { createLeftovers } from './leftovers.ts'
import { createSpellings } from './spellings.ts'
import { write } from './write.ts'

const content = Buffer.from('0123456789')
const md5 = '781e5e245d69b566979b86e28d23f2c7'
const allocated = (resumeAt: number, state = 'INCOMPLETE'): string =>
  JSON.stringify({ state, upload_url: 'https://up.example.com/x', bytes: 10, resume_pos: resumeAt })
const missing = '{"code":420,"error_id":"IncompleteUploadOpenApiException"}'
const stored = JSON.stringify({ bytes: 10, md5: md5.toUpperCase(), modified: 0 })

/** A service that says `replies` in order; what it was sent. */
function scripted(replies: readonly (readonly [status: number, body: string])[]): { http: HttpClient; sent: string[] } {
  const sent: string[] = []
  const http: HttpClient = {
    async request(request) {
      const [status, body] = replies[sent.length] ?? [500, '']
      sent.push(await told(request))
      return reply(status, body)
    },
    close: () => Promise.resolve(),
  }
  return { http, sent }
}

async function told({ operation, headers, body }: HttpRequest): Promise<string> {
  if (typeof body !== 'object' || !('stream' in body)) return operation
  return [operation, headers?.['range'], await collect(body.stream())].filter(Boolean).join(' ')
}

function reply(status: number, body: string): HttpResponse {
  return {
    status,
    header: () => undefined,
    body: { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) },
    text: () => Promise.resolve(body),
    discard: () => Promise.resolve(),
  }
}

function store(http: HttpClient): Promise<unknown> {
  const names = createNames()
  const drive: Drive = {
    name: 'jotta',
    http,
    jfs: { get: unasked, command: unasked, transfer: unasked, account: unasked },
    apiUrl: 'https://api.example.com/',
    wwwUrl: 'https://www.example.com/',
    device: 'Jotta',
    mountpoint: 'Archive',
    names,
    spellings: createSpellings(names),
    leftovers: createLeftovers(),
    shown: 'live',
    hardDelete: false,
    noVersions: false,
    md5MemoryLimit: 0,
    uploadResumeLimit: 0,
    tempDir: '/nonexistent',
    user: () => Promise.resolve('user'),
    now: () => 0,
  }
  return write(drive, 'file', sourceFromBytes(content))
}

function unasked(): Promise<HttpResponse> {
  return Promise.reject(new Error('nothing is to be asked of JFS'))
}

test('an upload that the service took in part goes on where it says (docs/protocol.md §3.3)', async () => {
  const { http, sent } = scripted([
    [200, allocated(0)],
    [420, missing],
    [200, allocated(6)],
    [400, missing],
    [200, allocated(9)],
    [200, stored],
  ])
  await store(http)
  const uploads = ['upload 0123456789', 'upload bytes=6-9 6789', 'upload bytes=9-9 9']
  expect(sent).toEqual(uploads.flatMap((upload) => ['allocate', upload]))
})

test('an upload that was complete meanwhile is done', async () => {
  const { http, sent } = scripted([
    [200, allocated(0)],
    [420, missing],
    [200, '{"state":"COMPLETED"}'],
  ])
  await store(http)
  expect(sent).toHaveLength(3)
})

test('where all bytes are there but not accepted, the last one is sent again', async () => {
  const { http, sent } = scripted([
    [200, allocated(10)],
    [200, stored],
  ])
  await store(http)
  expect(sent[1]).toBe('upload bytes=9-9 9')
})

test('what failed its checksum is not built on: all is sent again', async () => {
  const { http, sent } = scripted([
    [200, allocated(6, 'CORRUPT')],
    [200, stored],
  ])
  await store(http)
  expect(sent[1]).toBe('upload bytes=0-9 0123456789')
})

test('positions that stand still or fall end it', async () => {
  for (const next of [6, 2]) {
    const { http, sent } = scripted([
      [200, allocated(6)],
      [420, missing],
      [200, allocated(next)],
    ])
    await expect(store(http)).rejects.toMatchObject({ code: 'network', retry: 'later' })
    expect(sent).toHaveLength(3)
  }
})

test('a position beyond the end makes no sense', async () => {
  await expect(store(scripted([[200, allocated(11)]]).http)).rejects.toMatchObject({ code: 'protocol' })
})
