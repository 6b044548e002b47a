import type { Exchange } from '../exchange.ts'
import { Refusal } from '../refusal.ts'

/** A POST without a command that is known: 500 with this very message (docs/protocol.md §4.14). */
export function unknownCommand(_exchange: Exchange): Promise<void> {
  const message = "POST Request is missing multipart content or don't dont have any command parameters"
  return Promise.reject(new Refusal(500, undefined, message))
}
