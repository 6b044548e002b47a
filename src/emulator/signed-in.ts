import { createHash } from 'node:crypto'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { createEmulator, type Emulator, type EmulatorOptions, type EmulatorUrls, type ListenOptions } from './index.ts'

/** For tests: an emulator that listens, and bare HTTP requests to it as a user who is logged in. */
export interface SignedIn {
  readonly emulator: Emulator
  readonly urls: EmulatorUrls
  readonly tokens: TokenSet
  /** JFS requests; the path starts with the device, such as `/Jotta/Archive/a.txt?mode=bin`. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, headers?: Record<string, string>, body?: string): Promise<Answer>
  /** A POST with a JSON body to the JSON API. */
  api(path: string, body: unknown): Promise<Answer>
  allocate(path: string, content: string, more?: Record<string, unknown>): Promise<Allocation>
  send(allocation: Allocation, body: string, headers?: Record<string, string>): Promise<Answer>
  /** Allocates and sends a file below `/Jotta/`. */
  put(path: string, content: string, more?: Record<string, unknown>): Promise<void>
  /** The content of a file. */
  read(path: string): Promise<Answer>
  /** A JFS document without the white space between its elements; fails if there is none. */
  document(path: string): Promise<string>
  /** The names in a folder, trashed ones in parentheses. */
  names(path: string): Promise<string[]>
  /** Seeds `Archive/dir` with a folder, a trashed folder, a file and a trashed file. */
  seedDirectory(): Promise<void>
  /** The path of `mv` and `cp` targets. */
  target(path: string): string
}

/** An answer with its body as text. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** The answer of `allocate`. */
export interface Allocation {
  readonly state: string
  readonly upload_url: string
  readonly resume_pos: number
}

/** The tokens of one login. */
export interface TokenSet {
  readonly access_token: string
  readonly refresh_token: string
}

/** Starts an emulator and logs in. */
export async function signIn(options: EmulatorOptions = {}, at: ListenOptions = {}): Promise<SignedIn> {
  const emulator = createEmulator(options)
  const urls = await emulator.listen(at)
  const answer = await logIn(emulator.createLoginToken())
  return requestsTo(emulator, urls, tokensOf(answer))
}

/** Requests with the tokens of an earlier login. */
export function requestsTo(emulator: Emulator, urls: EmulatorUrls, tokens: TokenSet): SignedIn {
  // An agent of its own: a later emulator on the same port must not meet connections to this one.
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const authorization = { Authorization: `Bearer ${tokens.access_token}` }
  const root = urls.jfsUrl + emulator.username
  const api = (path: string, body: unknown): Promise<Answer> =>
    ask(urls.apiUrl + path, { method: 'POST', headers: authorization, body: JSON.stringify(body), agent })
  const allocate = async (path: string, content: string, more = {}): Promise<Allocation> => {
    const body = { path: `/jfs/Jotta/${path}`, bytes: Buffer.byteLength(content), md5: md5(content), ...more }
    const answer = await api('files/v1/allocate', body)
    if (answer.status !== 200) throw new Error(`allocate ${path}: ${answer.status} ${answer.text}`)
    return JSON.parse(answer.text)
  }
  const send = (allocation: Allocation, body: string, headers = {}): Promise<Answer> =>
    ask(allocation.upload_url, { method: 'POST', headers: { ...authorization, ...headers }, body, agent })
  const get = (path: string, headers = {}): Promise<Answer> =>
    ask(root + path, { headers: { ...authorization, ...headers }, agent })
  const post = (path: string, headers = {}, body = ''): Promise<Answer> =>
    ask(root + path, { method: 'POST', headers: { ...authorization, ...headers }, body, agent })
  return {
    emulator,
    urls,
    tokens,
    get,
    post,
    read: (path) => get(`${path}?mode=bin`),
    async document(path) {
      const { status, text } = await get(path)
      if (status !== 200 || !text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')) throw new Error(text)
      return text.replaceAll(/\n\s*/g, '')
    },
    async names(path) {
      const entries = (await get(path)).text.matchAll(/^ {4}<(?:folder|file) name="([^"]+)"[^>]*>/gm)
      return [...entries].map(([element, name]) => (element.includes(' deleted=') ? `(${name})` : String(name)))
    },
    async seedDirectory() {
      emulator.seed([
        { path: 'Archive/dir/sub/x', content: 'x' },
        { path: 'Archive/dir/gone/y', content: 'y' },
        { path: 'Archive/dir/a.txt', content: 'hello', modified: Date.UTC(2020, 0, 1) },
        { path: 'Archive/dir/old.bin', content: 'old' },
      ])
      await post('/Jotta/Archive/dir/gone?dlDir=true')
      await post('/Jotta/Archive/dir/old.bin?dl=true')
    },
    api,
    allocate,
    send,
    async put(path, content, more = {}) {
      const allocation = await allocate(path, content, more)
      if (allocation.state !== 'COMPLETED') await send(allocation, content)
    },
    target: (path) => encodeURIComponent(`/${emulator.username}/${path}`),
  }
}

interface RequestOptions {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | URLSearchParams
  readonly agent?: Agent
}

/** Does one request, once: `fetch` repeats a request that is answered 421. */
export function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '', agent } = options
  const bytes = Buffer.from(body.toString())
  return new Promise((resolve, reject) => {
    const length = method === 'GET' ? {} : { 'Content-Length': bytes.byteLength }
    const request = httpRequest(
      url,
      { method, ...(agent && { agent }), headers: { ...length, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => void chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers })
        })
      },
    )
    request.on('error', reject)
    request.end(bytes)
  })
}

/** Trades a personal login token for tokens, as a client does. */
export async function logIn(loginToken: string, more: Record<string, string> = {}): Promise<Answer> {
  const login = readLoginToken(loginToken)
  const discovery = await ask(login.well_known_link)
  const endpoint = String(parse(discovery.text)['token_endpoint'])
  const form = { client_id: 'jottacli', grant_type: 'password', scope: 'openid offline_access' }
  const body = new URLSearchParams({ ...form, username: login.username, password: login.auth_token, ...more })
  return ask(endpoint, { method: 'POST', body })
}

/** What a personal login token says. */
export function readLoginToken(token: string): { username: string; well_known_link: string; auth_token: string } {
  return JSON.parse(Buffer.from(token, 'base64url').toString())
}

/** Reads a JSON object. */
export function parse(text: string): Record<string, unknown> {
  return JSON.parse(text)
}

/** Reads the answer of the token endpoint. */
export function tokensOf(answer: Answer): TokenSet {
  return JSON.parse(answer.text)
}

/** Lower-case hex MD5 of a text. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
