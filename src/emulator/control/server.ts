import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { receiveText } from '../receive.ts'
import { Refusal } from '../refusal.ts'
import { controlCommands, type ControlCommand, type Controlled } from './commands.ts'
import { ControlError } from './request-error.ts'

// Seeds are long.
const LONGEST_BODY = 256 << 20

/** Makes the server of the control interface, not yet listening: JSON in, JSON out, 400 for what makes no sense. */
export function createControlServer(emulator: Controlled): Server {
  return createServer((request, response) => {
    answer(emulator, request, response).catch(() => response.destroy())
  })
}

async function answer(emulator: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await receiveText(request, LONGEST_BODY)
  if (text === undefined) return
  try {
    refuseBrowsers(request)
    const { command, rest } = find(request)
    send(response, 200, command(emulator, parse(text), rest))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send(response, statusOf(error), { error: message })
  }
}

// Any web page can make a browser send requests to this machine.
function refuseBrowsers({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    throw new ControlError('requests of web pages are not answered', 403)
  }
}

function find({ method = '', url = '/' }: IncomingMessage): { command: ControlCommand; rest: string } {
  const path = url.replace(/\?.*/s, '')
  const exact = controlCommands.get(`${method} ${path}`)
  if (exact !== undefined) return { command: exact, rest: '' }
  const slash = path.lastIndexOf('/') + 1
  const family = slash > 1 ? controlCommands.get(`${method} ${path.slice(0, slash)}`) : undefined
  if (family !== undefined) return { command: family, rest: path.slice(slash) }
  const all = [...controlCommands.keys()].join(', ')
  throw new ControlError(`nothing answers ${method} ${path}: there are ${all}`, 404)
}

function parse(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new ControlError('the body is no JSON')
  }
}

// A file that cannot be seeded, say for its name, is refused by the routes' own checks.
function statusOf(error: unknown): number {
  if (error instanceof ControlError) return error.status
  return error instanceof Refusal ? 400 : 500
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.byteLength })
  response.end(body)
}
