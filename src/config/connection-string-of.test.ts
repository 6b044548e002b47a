import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeDeps } from '../../test/support/fake-deps.ts'
import { fakeRemotes } from '../../test/support/fake-remotes.ts'
import { parseTypedPath } from './connection-string.ts'
import { connectionStringOf } from './connection-string-of.ts'
import type { OpenDeps } from './open.ts'

const { table } = fakeRemotes({ accessToken: '', tokenType: '', refreshToken: '', expiry: 0n })
const file = `[here]\ntype = alias\nremote = src\n\n[c]\ntype = cloud\ndevice = Jotta\nmemory_limit = 1Ki\nhard_delete = true
tokenURL = https://id/x,'y'\ndescription =\n\n[d]\ntype = drive\nscope = x\n`

let dir = ''
let deps: OpenDeps
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'string-'))
  await writeFile(join(dir, 'rclone.conf'), file)
  deps = await fakeDeps(dir, { table, environment: { RCLONE_CONFIG_E_TYPE: 'alias', RCLONE_CONFIG_E_REMOTE: '/x' } })
})
afterEach(() => rm(dir, { recursive: true }))

describe('a connection string', () => {
  test.each([
    ['here', ':local:here'],
    ['here:', ':alias,remote=src:'],
    ['here,remote=dst:x', ':alias,remote=dst:x'],
    [':local:', ':local:'],
    ['e:y', ':alias,remote=/x:y'],
    ['d:', ':drive,scope=x:'],
    ['c:a,b', `:cloud,hard_delete,tokenURL='https://id/x,''y''':a,b`],
    ['c,hard_delete=false:', `:cloud,tokenURL='https://id/x,''y''':`],
  ])('of %j is %j, which means the same', async (typed, text) => {
    expect(await connectionStringOf(typed, deps)).toBe(text)
    const { kind, path } = parseTypedPath(text, 'linux')
    expect({ kind, path }).toEqual({ kind: 'remote', path: parseTypedPath(typed, 'linux').path })
  })

  test.each(['nosuch:', '', ':'])('of %j there is none', async (typed) => {
    await expect(connectionStringOf(typed, deps)).rejects.toMatchObject({ code: 'usage' })
  })
})
