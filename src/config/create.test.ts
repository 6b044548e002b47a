import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../test/support/as-nobody.ts'
import { fakeDeps } from '../../test/support/fake-deps.ts'
import { fakeRemotes } from '../../test/support/fake-remotes.ts'
import { readVectors } from '../../test/support/read-vectors.ts'
import { scriptedTerminal } from '../../test/support/scripted-terminal.ts'
import type { Token } from '../core/token.ts'
import { createRemote, type CreateOptions, parseParameters, updateRemote } from './create.ts'
import { reveal } from '../options/obscure.ts'
import type { SetUpDeps } from './dialogue/set-up.ts'
import { formatTokenBlob } from '../core/token-blob.ts'

const token: Token = { accessToken: 'a', tokenType: 'Bearer', refreshToken: 'r', expiry: 1n }
const before = '[here]\ntype = alias\nremote = src\n\n[loc]\ntype = local\n\n'
const { table } = fakeRemotes(token)

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'create-'))
  await writeFile(join(dir, 'rclone.conf'), before)
})
afterEach(async () => {
  await chmod(dir, 0o700)
  await rm(dir, { recursive: true })
})

const saved = (): Promise<string> => readFile(join(dir, 'rclone.conf'), 'utf8')

async function deps(): Promise<SetUpDeps> {
  return { ...(await fakeDeps(dir, { table })), terminal: scriptedTerminal([]).terminal }
}

async function create(name: string, type: string, args: string[], options: CreateOptions = {}): Promise<void> {
  await createRemote({ name, type, parameters: parseParameters(args) }, await deps(), options)
}

async function update(name: string, args: string[]): Promise<void> {
  await updateRemote({ name, parameters: parseParameters(args) }, await deps())
}

describe('creating a remote', () => {
  test('appends its section, keys as "k v" or "k=v"', async () => {
    await create('mine', 'alias', ['remote=src/dir1', 'description', 'a=b'])
    expect(await saved()).toBe(`${before}[mine]\ntype = alias\nremote = src/dir1\ndescription = a=b\n\n`)
  })

  test('replaces the one of that name, which then comes last (config-create-replaces)', async () => {
    await create('here', 'local', ['nounc=true'])
    expect(await saved()).toBe('[loc]\ntype = local\n\n[here]\ntype = local\nnounc = true\n\n')
  })

  test('saves no answers', async () => {
    await create('c', 'cloud', ['config_type=standard', 'device=x'])
    expect(await saved()).toBe(`${before}[c]\ntype = cloud\ndevice = x\n\n`)
  })

  test('obscures a password unless it is obscured already', async () => {
    await create('c', 'cloud', ['password=plain'])
    const stored = /^password = (.*)$/m.exec(await saved())?.[1] ?? ''
    expect(reveal(stored)).toBe('plain')
    await create('c', 'cloud', ['password', stored])
    expect(await saved()).toContain(`password = ${stored}\n`)
    await create('c', 'cloud', ['password', stored], { obscure: 'always' })
    expect(reveal(reveal(/^password = (.*)$/m.exec(await saved())?.[1] ?? ''))).toBe('plain')
    await create('c', 'cloud', ['password', 'plain'], { obscure: 'never' })
    expect(await saved()).toContain('password = plain\n')
  })

  test('stores what a login gives', async () => {
    await create('c', 'cloud', ['config_login_token=good', 'hard_delete=true'])
    expect(await saved()).toBe(
      `${before}[c]\ntype = cloud\nhard_delete = true\ntokenURL = https://id\nconfigVersion = 1\ntoken = ${formatTokenBlob(token)}\n\n`,
    )
  })

  test('changes nothing when the login fails', async () => {
    await expect(create('here', 'cloud', ['config_login_token=bad'])).rejects.toThrow('refused')
    expect(await saved()).toBe(before)
  })

  test('does not use up a login where its token could not be saved', async () => {
    await chmod(join(dir, 'rclone.conf'), 0o444)
    await chmod(dir, 0o555)
    await asNobody(async () => {
      await expect(create('c', 'cloud', ['config_login_token=bad'])).rejects.toMatchObject({ code: 'permission' })
    })
  })

  const rows = readVectors('remote-names.tsv').filter(
    ([, ok, message = '']) => ok === 'no' && !/shorthand/.test(message),
  )
  test.each(rows)('refuses the name %j', async (name = '', _ok = '', message = '') => {
    await expect(create(name, 'alias', ['remote=x'])).rejects.toMatchObject({ code: 'usage', message })
  })

  test('refuses an unknown type and a key without value', async () => {
    await expect(create('x', 'drive', [])).rejects.toMatchObject({ code: 'usage' })
    await expect(create('x', 'alias', ['remote'])).rejects.toMatchObject({ message: 'found key without value' })
    expect(await saved()).toBe(before)
  })
})

describe('updating a remote', () => {
  test('keeps the other keys', async () => {
    await update('here', ['description', 'hi', 'remote', 'dst'])
    expect(await saved()).toBe(before.replace('src\n', 'dst\ndescription = hi\n'))
  })

  test('logs in again when asked to, and not with config_refresh_token=false', async () => {
    await create('c', 'cloud', [])
    await update('c', ['config_login_token=good', 'config_refresh_token=false'])
    expect(await saved()).not.toContain('token')
    await update('c', ['config_login_token=good'])
    expect(await saved()).toContain(`token = ${formatTokenBlob(token)}`)
  })

  test('needs one that is there', async () => {
    await expect(update('nosuch', ['remote', 'dst'])).rejects.toMatchObject({
      code: 'usage',
      message: "couldn't find type field in config",
    })
  })
})
