import { join } from 'node:path'
import { loadConfig } from '../../src/config/file.ts'
import { nothingOpened, type OpenDeps } from '../../src/config/open.ts'
import { silent } from '../../src/core/context.ts'

/** What opening needs, around the file rclone.conf in `dir`; nothing of this machine's environment. */
export async function fakeDeps(dir: string, more: Partial<OpenDeps> = {}): Promise<OpenDeps> {
  const log = more.log ?? silent
  return {
    config: await loadConfig(join(dir, 'rclone.conf'), { log, stateDir: join(dir, 'state') }),
    environment: {},
    flags: () => undefined,
    log,
    http: {
      userAgent: 'test',
      connectTimeout: 1,
      idleTimeout: 1,
      attempts: 1,
      headers: [],
      caCerts: [],
      insecure: false,
      dump: new Set(),
      environment: {},
    },
    tempDir: dir,
    signal: new AbortController().signal,
    now: () => 0,
    cwd: '/work',
    platform: 'linux',
    opened: nothingOpened(),
    ...more,
  }
}
