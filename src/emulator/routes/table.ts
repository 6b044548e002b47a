import type { Exchange, Route, Target } from '../exchange.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../state/store.ts'
import { pathOf } from '../state/tree.ts'
import { customer, userinfo } from './account.ts'
import { allocate, allocatePath, completedPath, parseBody } from './allocate.ts'
import { discovery, REALM_PATH } from './discovery.ts'
import { jfsRoute } from './jfs.ts'
import { createEventToken } from './event-token.ts'
import { answerPublic, publicDownload, publicPage, publicThumbnail, type PublicHandler } from './public-links.ts'
import { purgeTrash } from './purge-trash.ts'
import { token } from './token.ts'
import { upload } from './upload.ts'

type Endpoint = Omit<Route, 'style' | 'subject'> & Partial<Pick<Route, 'subject'>>

const OPENID_PATH = `${REALM_PATH}/protocol/openid-connect`

/** Endpoints with a fixed path. */
const ENDPOINTS = new Map<string, Endpoint>([
  [`GET ${REALM_PATH}/.well-known/openid-configuration`, { operation: 'discovery', run: discovery }],
  [`POST ${OPENID_PATH}/token`, { operation: 'token', wantsBody: true, run: token }],
  [`GET ${OPENID_PATH}/userinfo`, { operation: 'userinfo', run: userinfo }],
  ['GET /account/v1/customer', { operation: 'customer', run: customer }],
  ['POST /files/v1/allocate', { operation: 'allocate', wantsBody: true, run: allocate, subject: allocateSubject }],
  ['POST /files/v1/purge_trash', { operation: 'purgeTrash', run: purgeTrash }],
])

type Family = (target: Target, store: Store) => Route

/** Endpoints whose path goes on: they are given the rest of it. */
const FAMILIES: readonly (readonly [start: string, family: Family])[] = [
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
  const { method, path } = target
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

function publicFamily(operation: string, handler: PublicHandler): Family {
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
