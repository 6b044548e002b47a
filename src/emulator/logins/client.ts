import type { IncomingMessage } from 'node:http'

/** Who asks for tokens. */
export interface ClientIdentity {
  readonly id: string
  readonly secret: string
}

/** Reads the client from a Basic header or from the parameters; both are in use (docs/protocol.md §2.3). */
export function clientOf(request: IncomingMessage, parameters: URLSearchParams): ClientIdentity {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) {
    return { id: parameters.get('client_id') ?? '', secret: parameters.get('client_secret') ?? '' }
  }
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':')
  return { id, secret: secret.join(':') }
}
