import type { Operation } from '../operations.ts'
import type { Exchange, Route, Target } from '../exchange.ts'
import { isServedAt } from '../hosts.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../state/store.ts'
import { pathOf } from '../state/tree.ts'
import { customer } from './account.ts'
import { allocate, allocatePath, completedPath, parseBody } from './allocate.ts'
import { jfsRoute } from './jfs.ts'
import { legacyRegister, legacyToken } from './legacy.ts'
import { createEventToken } from './event-token.ts'
import { answerPublic, publicDownload, publicPage, publicThumbnail, type PublicHandler } from './public-links.ts'
import { purgeTrash } from './purge-trash.ts'
import { realmRoute } from './realm.ts'
import { giveLoginToken, securePage } from './secure-page.ts'
import { upload } from './upload.ts'

type Endpoint = Omit<Route, 'style' | 'subject'> & Partial<Pick<Route, 'subject'>>

/** Endpoints with a fixed path. */
const ENDPOINTS = new Map<string, Endpoint>([
  ['POST /auth/v1/register', { operation: 'legacyRegister', wantsBody: true, run: legacyRegister }],
  ['POST /auth/v1/token', { operation: 'legacyToken', wantsBody: true, run: legacyToken }],
  ['GET /web/secure', { operation: 'securePage', run: (exchange) => securePage(exchange) }],
  ['POST /web/secure', { operation: 'giveLoginToken', wantsBody: true, run: giveLoginToken }],
  ['GET /account/v1/customer', { operation: 'customer', run: customer }],
  ['POST /files/v1/allocate', { operation: 'allocate', wantsBody: true, run: allocate, subject: allocateSubject }],
  ['POST /files/v1/purge_trash', { operation: 'purgeTrash', run: purgeTrash }],
])

type Family = (target: Target, store: Store) => Route

/** Endpoints whose path goes on: they are given the rest of it. */
const FAMILIES: readonly (readonly [start: string, family: Family])[] = [
  ['GET /auth/realms/', realmRoute],
  ['POST /auth/realms/', realmRoute],
  ['GET /jfs/', jfsRoute],
  ['POST /jfs/', jfsRoute],
  ['POST /upload/', uploadRoute],
  ['GET /opin/io/downloadPublic/', publicFamily('publicDownload', publicDownload)],
  ['GET /opin/io/streamPublic/', publicFamily('publicDownload', publicDownload)],
  ['GET /opin/io/publicThumb/', publicFamily('publicThumb', publicThumbnail)],
  ['GET /p/', publicFamily('publicPage', publicPage)],
  ['GET /rest/token/', eventTokenRoute],
]

/** Finds what is to be done with a request. */
export function findRoute(target: Target, store: Store): Route {
  const { method, path, host } = target
  if (host !== undefined && !isServedAt(host, path)) return notFound(method, path)
  const line = `${method} ${path}`
  const endpoint = ENDPOINTS.get(line)
  if (endpoint !== undefined) return { style: 'json', subject: () => path, ...endpoint }
  for (const [start, family] of FAMILIES) {
    if (line.startsWith(start)) return family({ ...target, path: line.slice(start.length) }, store)
  }
  return notFound(method, path)
}

function allocateSubject(body: string): string {
  return `/${allocatePath(parseBody(body)?.['path'])?.join('/') ?? ''}`
}

function uploadRoute({ path: id }: Target, store: Store): Route {
  const subject = (): string => {
    const file = store.world.uploads.get(id)?.file
    const place = file === undefined ? allocatePath(completedPath(id)) : pathOf(file)
    return `/${place?.join('/') ?? ''}`
  }
  return { operation: 'upload', style: 'json', subject, run: (exchange) => upload(exchange, id) }
}

function publicFamily(operation: Operation, handler: PublicHandler): Family {
  return ({ path }) => ({
    operation,
    style: 'xml',
    subject: () => `/${path}`,
    run: (exchange) => answerPublic(exchange, path, handler),
  })
}

function eventTokenRoute({ path }: Target): Route {
  const run = (exchange: Exchange): Promise<void> => createEventToken(exchange, path)
  return { operation: 'eventToken', style: 'xml', subject: () => `/${path}`, run }
}

function notFound(method: string, path: string): Route {
  const refusal = new Refusal(404, undefined, `Nothing answers ${method} ${path}`)
  return { operation: 'unknown', style: 'json', subject: () => path, run: () => Promise.reject(refusal) }
}
