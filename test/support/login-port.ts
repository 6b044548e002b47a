import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireLock, type Lock } from '../../src/config/lock.ts'

/** The login in a browser has one registered port on a machine: who comes to it in a test waits until no other test is there. */
export function loginPort(): Promise<Lock> {
  return acquireLock(join(tmpdir(), 'fjord-test-login-port'), { stateDir: tmpdir() })
}
