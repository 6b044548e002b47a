import { PAGE_HEADERS, signInPage, valuePage } from '../documents/sign-in-page.ts'
import type { Exchange } from '../exchange.ts'
import { createLoginToken } from '../login-token.ts'
import { formComplaint } from '../logins/credentials.ts'
import { HOME_REALM } from '../logins/realms.ts'

/** `GET /web/secure`: where a person signs in to get a personal login token (docs/protocol.md §2.1). */
export function securePage({ service, reply }: Exchange, complaint?: string): Promise<void> {
  const asksForOtp = service.credentials.otp !== undefined
  const page = { realm: HOME_REALM, asksForOtp, ...(complaint !== undefined && { complaint }) }
  return reply.text(200, PAGE_HEADERS, signInPage(page))
}

/** `POST /web/secure`: the page's form gives a login token that leads to the hosts by which the person came. */
export function giveLoginToken(exchange: Exchange): Promise<void> {
  const { service, reply, body, origins } = exchange
  const complaint = formComplaint(service.credentials, service.store.world, body)
  if (complaint !== undefined) return securePage(exchange, complaint)
  const token = createLoginToken(service.store, origins.issuer(HOME_REALM))
  return reply.text(200, PAGE_HEADERS, valuePage('Personal login token', token))
}
