import { join } from 'node:path'
import { loadConfig } from '../../src/config/file.ts'
import { closeRemotes, nothingOpened, openLocation, type OpenDeps } from '../../src/config/open.ts'
import { silent } from '../../src/core/context.ts'
import { isStorageError } from '../../src/core/errors.ts'

/*
 * A program that uses the remote `jotta:` so many times, whose access token expires all the time: each use refreshes it.
 * It says `ok` for each that succeeded, and how the first one failed.
 */
const [home = '', times = '0', helper] = process.argv.slice(2)

const config = await loadConfig(join(home, 'rclone.conf'), { log: silent, stateDir: join(home, 'state') })
const deps: OpenDeps = {
  config,
  environment: {},
  flags: () => undefined,
  log: silent,
  http: {
    userAgent: 'fjord-test',
    connectTimeout: 5_000,
    idleTimeout: 20_000,
    attempts: 3,
    headers: [],
    caCerts: [],
    insecure: false,
    dump: new Set(),
    environment: {},
  },
  tempDir: home,
  signal: new AbortController().signal,
  now: Date.now,
  cwd: home,
  platform: process.platform,
  opened: nothingOpened(),
  refreshHelper: helper === undefined ? undefined : [process.execPath, helper],
}

try {
  const { remote } = await openLocation('jotta:', deps)
  for (let use = 0; use < Number(times); use++) {
    await remote.stat('there')
    process.stdout.write('ok\n')
  }
  await closeRemotes(deps.opened)
} catch (error) {
  process.stdout.write(`failed ${isStorageError(error) ? error.code : ''} ${String(error)}\n`)
  process.exitCode = 1
}
