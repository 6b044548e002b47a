import { PROLOG } from '../documents/root.ts'
import { escapeXml } from '../documents/escape.ts'
import type { Exchange } from '../exchange.ts'
import { checkUser, decodePath } from '../places.ts'
import { noSuchPath } from '../refusal.ts'

/** `GET /rest/token/<user>/createToken`: the token that opens the stream of events (docs/protocol.md §3.7). */
export function createEventToken({ service, request, reply }: Exchange, path: string): Promise<void> {
  service.authorise(request)
  const [user = '', command, ...more] = decodePath(path)
  if (command !== 'createToken' || more.length > 0) throw noSuchPath(`/rest/token/${path}`)
  const { world } = service.store
  checkUser(world, user)
  const token = escapeXml(service.events.createToken(service.accessTokenLifetime))
  return reply.xml(
    200,
    `${PROLOG}<token>\n  <username>${world.username}</username>\n  <authToken>${token}</authToken>\n</token>\n`,
  )
}
