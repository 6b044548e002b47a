import type { CallOptions } from '../../core/stream.ts'
import { fetchCustomer } from './api/customer.ts'
import type { Drive } from './drive.ts'

/** Whose account it is, under rclone's names of it (docs/protocol.md §3.1). */
export async function userInfo(drive: Drive, { signal }: CallOptions = {}): Promise<Readonly<Record<string, string>>> {
  const customer = await fetchCustomer(drive.http, { base: drive.apiUrl, remote: drive.name, signal })
  return {
    Username: customer.username,
    Email: customer.email,
    Name: customer.name,
    AccountType: customer.accountType,
    SubscriptionType: customer.subscriptionType,
  }
}
