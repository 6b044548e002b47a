import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { createAccount } from './fjord.ts'

let account: Account
beforeAll(async () => {
  account = await createAccount()
  mkdirSync(join(account.home, 'here/sub'), { recursive: true })
})
afterAll(async () => await account[Symbol.asyncDispose]())

function backend(...args: readonly string[]): Promise<Ran> {
  return account.run('backend', ...args)
}

const failed = (text: string) => ({
  status: 1,
  stdout: '',
  stderr: expect.stringContaining(`Failed to backend: ${text}\n`),
})

describe('backend', () => {
  test('features of Jottacloud', async () => {
    const { stdout } = await backend('features', 'jotta:dir')
    expect(JSON.parse(stdout)).toMatchObject({
      Name: 'jotta',
      Root: 'dir',
      String: "jottacloud root 'dir'",
      Precision: 1e9,
      Hashes: ['md5'],
      Features: {
        About: true,
        CleanUp: true,
        Command: false,
        Copy: true,
        ListR: true,
        PublicLink: true,
        UserInfo: true,
      },
      MetadataInfo: { System: { btime: { ReadOnly: false }, utime: { ReadOnly: true } } },
    })
  })

  test('features of a disk: the path as it was typed, and the metadata that it keeps', async () => {
    const { stdout } = await backend('features', 'here/../here/sub/')
    const features: Record<string, unknown> = JSON.parse(stdout)
    expect(features).toMatchObject({
      Name: 'local',
      Root: 'here/sub',
      String: 'Local file system at here/sub',
      Features: {
        Command: true,
        IsLocal: true,
        OpenWriterAt: true,
        ReadMetadata: true,
        WriteMetadata: true,
        WriteDirMetadata: true,
      },
      MetadataInfo: { System: { mode: { Type: 'octal, unix style', ReadOnly: false }, btime: { ReadOnly: true } } },
    })
    expect(JSON.parse((await backend('features', join(account.home, 'here'))).stdout)).toMatchObject({
      Root: join(account.home, 'here'),
    })
  })

  test('help of a kind of remote, and of the remote that is named', async () => {
    for (const name of ['local', 'here', ':local:']) {
      const { status, stdout } = await backend('help', name)
      expect(status).toBe(0)
      expect(stdout).toContain('### noop\n')
      expect(stdout).toContain('fjord backend noop remote: [options] [<arguments>+]')
      expect(stdout).toContain('- "echo": ')
    }
    for (const name of ['jottacloud', 'jotta:'])
      expect(await backend('help', name)).toMatchObject(failed('jottacloud backend has no commands'))
    expect(await backend('help', 'alias')).toMatchObject(failed('alias backend has no commands'))
  })

  test('noop gives back what it is told to', async () => {
    const { stdout } = await backend('noop', 'here', '-o', 'echo=yes', 'a', 'b', '-o', 'flag')
    const echo = { arg: ['a', 'b'], name: 'noop', opt: { echo: 'yes', flag: '' } }
    expect(stdout).toBe(`${JSON.stringify(echo, undefined, '\t')}\n`)
    expect(await backend('noop', 'here')).toMatchObject({ status: 0, stdout: '' })
    expect(await backend('noop', '--json', 'here')).toMatchObject({ status: 0, stdout: 'null\n' })
    expect(await backend('noop', 'here', '-o', 'error=oops')).toMatchObject(failed('command "noop" failed: oops'))
  })

  test('what there is not', async () => {
    expect(await backend('nosuch', 'here')).toMatchObject(failed('"nosuch" command not found'))
    expect(await backend('nosuch', 'jotta:a')).toMatchObject(
      failed("jottacloud root 'a': doesn't support backend commands"),
    )
    expect((await backend('features')).status).toBe(2)
  })
})
