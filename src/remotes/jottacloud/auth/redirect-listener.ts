import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { messageOf, StorageError } from '../../../core/errors.ts'
import { abortable } from '../../../util/abortable.ts'
import { showPage } from './redirect-page.ts'

/** A wait for the browser to come back from the login page. */
export interface RedirectWait<T> {
  readonly port: number
  readonly signal: AbortSignal
  /** Called when the browser may be sent off. */
  readonly ready: () => Promise<void>
  /** Whether an address is one of this login; others are refused, and waiting goes on. */
  readonly isOurs: (address: URL) => boolean
  /** Told of an address that was refused. */
  readonly onStray: () => void
  /** Called once, with the first address of this login; the browser is shown how it ended. */
  readonly finish: (address: URL) => Promise<T>
}

/**
 * Listens on 127.0.0.1 until the browser comes back with the answer of the login page.
 * @returns what `finish` made of it
 * @throws StorageError 'io' where another program has the port; what `finish` throws; the signal's reason
 */
export async function awaitRedirect<T>(wait: RedirectWait<T>): Promise<T> {
  wait.signal.throwIfAborted()
  const server = createServer()
  await listen(server, wait.port)
  try {
    const answered = new Promise<T>((resolve, reject) => {
      server.on('request', answerer(wait, { resolve, reject }))
      wait.ready().catch(reject)
    })
    return await abortable(answered, wait.signal)
  } finally {
    await close(server)
  }
}

interface Outcome<T> {
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

function answerer<T>(wait: RedirectWait<T>, outcome: Outcome<T>): RequestListener {
  let taken = false
  return (request, response) => {
    const address = addressOf(request)
    if (request.method !== 'GET' || address?.pathname !== '/' || address.search === '') {
      void showPage(response, 404, 'There is nothing here.')
    } else if (!wait.isOurs(address)) {
      wait.onStray()
      void showPage(response, 400, 'This answer belongs to another login. fjord still waits for the one that it began.')
    } else if (taken) {
      void showPage(response, 409, 'This login has been answered already: a second answer is not taken.')
    } else {
      taken = true
      void take(wait, { address, response }, outcome)
    }
  }
}

async function take<T>(
  wait: RedirectWait<T>,
  { address, response }: { readonly address: URL; readonly response: ServerResponse },
  { resolve, reject }: Outcome<T>,
): Promise<void> {
  try {
    const result = await wait.finish(address)
    await showPage(response, 200, 'You are logged in. This page can be closed: fjord goes on where it was started.')
    resolve(result)
  } catch (error) {
    await showPage(response, 400, `The login failed: ${messageOf(error)}`)
    reject(error)
  }
}

function addressOf({ url = '' }: IncomingMessage): URL | undefined {
  const text = `http://localhost${url}`
  return url.startsWith('/') && URL.canParse(text) ? new URL(text) : undefined
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(cause, port)))
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

function cannotListen(cause: Error, port: number): StorageError {
  const hint =
    'The login page sends its answer to this port alone. End the program that has it, perhaps another login that waits; or say no to the question about the browser, log in on any machine, and paste what its browser shows.'
  return new StorageError('io', `Port ${port} of this machine cannot be listened on: ${cause.message}`, {
    cause,
    details: { operation: 'login', hint },
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
