import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireLock, type Lock } from '../../src/config/lock.ts'
import { sleep } from '../../src/util/async.ts'
import { isFree } from './local-server.ts'

/**
 * The login in a browser has one registered port on a machine: who comes to it in a test waits until no other test is there,
 * nor a connection of another program: it is one of those that the system hands out.
 */
export async function loginPort(): Promise<Lock> {
  const lock = await acquireLock(join(tmpdir(), 'fjord-test-login-port'), { stateDir: tmpdir() })
  for (let tries = 0; tries < 4000 && !(await isFree(53_682)); tries++) await sleep(20)
  return lock
}
