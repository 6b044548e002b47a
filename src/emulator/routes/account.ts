import { usageOf } from '../documents/account-documents.ts'
import type { Exchange } from '../exchange.ts'

const EMAIL = 'someone@example.com'
const NAME = 'Some One'

/** `GET account/v1/customer` (docs/protocol.md §3.1). */
export function customer({ service, request, reply }: Exchange): Promise<void> {
  service.authorise(request)
  const { world } = service.store
  const { settings } = world
  return reply.json(200, {
    username: world.username,
    email: EMAIL,
    name: NAME,
    country_code: 'NO',
    language_code: 'nb',
    customer_group_code: '',
    brand_code: 'jotta',
    account_type: service.capacity < 0 ? 'unlimited' : 'free',
    subscription_type: '',
    usage: usageOf(world),
    quota: service.capacity,
    business_usage: 0,
    business_quota: 0,
    write_locked: settings.locked || settings.writeLocked,
    read_locked: settings.locked || settings.readLocked,
    locked_cause: settings.lockedCause,
    web_hash: '',
    android_hash: '',
    ios_hash: '',
  })
}

/** `GET …/openid-connect/userinfo` (docs/protocol.md §8). */
export function userinfo({ service, request, reply }: Exchange): Promise<void> {
  service.authorise(request)
  const { username } = service.store.world
  return reply.json(200, {
    sub: `f:jotta:${username}`,
    email_verified: true,
    name: NAME,
    realm: 'jottacloud',
    preferred_username: username,
    username,
    given_name: 'Some',
    family_name: 'One',
    email: EMAIL,
  })
}
