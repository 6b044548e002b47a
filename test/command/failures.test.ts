import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freePort } from '../support/local-server.ts'
import { createEmulator } from '../../src/emulator/index.ts'
import { bin, createAccount, fjord, logIn } from './fjord.ts'
import type { Account } from './fjord.ts'
import { hasNobody, nobody } from './nobody.ts'

function makeFiles(account: Account, names: readonly string[]): string {
  const dir = join(account.home, 'mine')
  mkdirSync(dir)
  for (const name of names) writeFileSync(join(dir, name), `content of ${name}`)
  return dir
}

describe('bad input', () => {
  test.skipIf(process.platform === 'win32')('a working directory that is gone matters to relative paths alone', () => {
    const home = mkdtempSync(join(tmpdir(), 'fjord-gone-'))
    mkdirSync(join(home, 'gone'))
    writeFileSync(join(home, 'file'), 'x')
    const script = 'cd "$1/gone" && rmdir "$1/gone" && "$2" "$3" lsf "$1"; "$2" "$3" lsf here'
    const env = { ...process.env, RCLONE_CONFIG: join(home, 'fjord.conf') }
    const ran = spawnSync('sh', ['-c', script, 'sh', home, process.execPath, bin], { env, encoding: 'utf8' })
    rmSync(home, { recursive: true })
    expect(ran).toMatchObject({ status: 3, stdout: 'file\n', stderr: expect.stringContaining('directory not found') })
  })

  test('an unknown remote is named, exit 1', async () => {
    await using account = await createAccount()
    const ran = await account.run('ls', 'nosuch:path')
    expect(ran).toMatchObject({ status: 1, stdout: '' })
    expect(ran.stderr).toContain(
      'Failed to create file system for "nosuch:path": didn\'t find section in config file ("nosuch")',
    )
  })

  test('unknown and malformed flags are usage errors, exit 2', async () => {
    await using account = await createAccount()
    expect(await account.run('ls', 'jotta:', '--nosuch')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Error: unknown flag: --nosuch'),
    })
    expect(await account.run('ls', 'jotta:', '--checkers', 'x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('invalid argument "x" for "--checkers" flag'),
    })
  })

  test('a missing source is exit 3 and a file as destination directory exit 1', async () => {
    await using account = await createAccount()
    expect(await account.run('copy', 'nosuch', 'jotta:x', '--retries', '1')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('error reading source root directory: directory not found'),
    })
    makeFiles(account, ['a'])
    await account.run('copy', 'mine', 'jotta:')
    expect(await account.run('copy', 'mine', 'jotta:a')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is a file not a directory'),
    })
    expect(await account.run('copy', 'jotta:', 'mine/a')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is a file not a directory'),
    })
  })

  test.skipIf(!hasNobody)('a file that may not be read is named, the others are copied', async () => {
    await using account = await createAccount()
    const dir = makeFiles(account, ['a', 'secret', 'z'])
    chmodSync(join(dir, 'secret'), 0o000)
    chmodSync(account.home, 0o755)
    chownSync(join(account.home, 'fjord.conf'), nobody, nobody)
    chownSync(account.home, nobody, nobody)
    const ran = await fjord(['copy', dir, 'jotta:', '--retries', '1'], { home: account.home, uid: nobody })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toMatch(/ERROR : secret: Failed to copy: .*permission denied/)
    expect((await account.run('lsf', 'jotta:')).stdout).toBe('a\nz\n')
  })

  test('a wrong or used login token says what to do and writes no section', async () => {
    await using account = await createAccount()
    const emulator = createEmulator()
    const urls = await emulator.listen()
    try {
      const token = emulator.createLoginToken()
      const other = { home: join(account.home, 'other') }
      mkdirSync(other.home)
      expect(await logIn(other, urls, token)).toMatchObject({ status: 0 })
      const before = readFileSync(join(other.home, 'fjord.conf'), 'utf8')
      const used = await logIn(other, urls, token)
      expect(used.status).not.toBe(0)
      expect(used.stderr).toMatch(/login token/)
      expect(used.stderr).not.toContain(token.slice(0, 20))
      expect(readFileSync(join(other.home, 'fjord.conf'), 'utf8')).toBe(before)
      expect(await logIn(other, urls, 'garbage')).not.toMatchObject({ status: 0 })
    } finally {
      await emulator.close()
    }
  })

  test('a config that cannot be parsed is named with the line, exit 1', async () => {
    await using account = await createAccount()
    writeFileSync(join(account.home, 'fjord.conf'), '[jotta]\njustaword\n')
    const ran = await account.run('ls', 'jotta:')
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('could not parse line: justaword') })
  })

  test.skipIf(!hasNobody)('a config that cannot be written is named, and its old content stays', async () => {
    await using account = await createAccount()
    const file = join(account.home, 'fjord.conf')
    const before = readFileSync(file, 'utf8')
    chmodSync(file, 0o444)
    chmodSync(account.home, 0o555)
    const ran = await fjord(['config', 'delete', 'jotta'], { home: account.home, uid: nobody })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain(file)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('connection refused names the address and ends with exit 5', async () => {
    await using account = await createAccount()
    const port = await freePort()
    const ran = await account.run(
      'ls',
      `jotta,jfs_url="http://127.0.0.1:${port}/jfs/",api_url="http://127.0.0.1:${port}/":`,
      '--low-level-retries',
      '1',
    )
    expect(ran.status).toBe(5)
    expect(ran.stderr).toMatch(/ECONNREFUSED|connection refused/i)
    expect(ran.stderr).toContain(`127.0.0.1:${port}`)
  })
})

describe('a server that misbehaves', () => {
  test('that answers 500 once is asked again; for ever, the file is an error and the others are copied', async () => {
    await using account = await createAccount()
    makeFiles(account, ['a', 'b', 'c'])
    account.emulator.faults.add({ operation: 'allocate', times: 1, action: { status: 500 } })
    expect(await account.run('copy', 'mine', 'jotta:once')).toMatchObject({ status: 0 })
    account.emulator.faults.add({
      operation: 'allocate',
      path: /b$/,
      times: Number.POSITIVE_INFINITY,
      action: { status: 500 },
    })
    const ran = await account.run(
      'copy',
      'mine',
      'jotta:ever',
      '--retries',
      '1',
      '--low-level-retries',
      '2',
      '--ignore-times',
    )
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toMatch(/ERROR : b: Failed to copy: /)
    expect((await account.run('lsf', 'jotta:ever')).stdout).toBe('a\nc\n')
  })

  test('that cuts a download leaves nothing under the final name, and the file arrives at the next try', async () => {
    await using account = await createAccount()
    mkdirSync(join(account.home, 'mine'))
    const content = randomBytes(3 << 20)
    writeFileSync(join(account.home, 'mine/a'), content)
    await account.run('copy', 'mine', 'jotta:')
    account.emulator.faults.add({
      operation: 'download',
      times: 1,
      action: { reset: 'response-body', afterBytes: 1 << 20 },
    })
    account.emulator.faults.add({ operation: 'download', times: Number.POSITIVE_INFINITY, action: { reset: 'before' } })
    const cut = await account.run('copy', 'jotta:', 'back', '--retries', '1', '--low-level-retries', '2')
    expect(cut.status).not.toBe(0)
    expect(existsSync(join(account.home, 'back')) ? readdirSync(join(account.home, 'back')) : []).toEqual([])
    account.emulator.faults.clear()
    account.emulator.faults.add({
      operation: 'download',
      times: 1,
      action: { reset: 'response-body', afterBytes: 1 << 20 },
    })
    account.emulator.counters.reset()
    expect(await account.run('copy', 'jotta:', 'back')).toMatchObject({ status: 0 })
    expect(readFileSync(join(account.home, 'back/a')).equals(content)).toBe(true)
    expect(account.emulator.counters.of('download').bytesSent).toBeLessThan(4 << 20)
  })

  test('that sends wrong bytes: the file is an error that speaks of corruption, the old file stays', async () => {
    await using account = await createAccount()
    makeFiles(account, ['a'])
    await account.run('copy', 'mine', 'jotta:')
    mkdirSync(join(account.home, 'back'))
    writeFileSync(join(account.home, 'back/a'), 'old')
    account.emulator.faults.add({
      operation: 'download',
      times: Number.POSITIVE_INFINITY,
      action: { corrupt: 'response-body' },
    })
    const ran = await account.run('copy', 'jotta:', 'back', '--retries', '1', '--low-level-retries', '2')
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toMatch(/ERROR : a: Failed to copy: .*md5/i)
    expect(readFileSync(join(account.home, 'back/a'), 'utf8')).toBe('old')
    expect(readdirSync(join(account.home, 'back'))).toEqual(['a'])
  })

  test('that says another MD5 after an upload: the file is an error, unless the next try finds it whole', async () => {
    await using account = await createAccount()
    makeFiles(account, ['a'])
    account.emulator.faults.add({ operation: 'upload', times: Number.POSITIVE_INFINITY, action: { wrongMd5: true } })
    const ran = await account.run('copy', 'mine', 'jotta:', '--retries', '1', '--low-level-retries', '1')
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toMatch(/ERROR : a: Failed to copy: .*MD5/)
    expect(await account.run('copy', '--ignore-times', 'mine', 'jotta:')).toMatchObject({ status: 0 })
    expect((await account.run('cat', 'jotta:a')).stdout).toBe('content of a')
  })

  test('that drops an upload in the middle is sent only the rest', async () => {
    await using account = await createAccount()
    mkdirSync(join(account.home, 'mine'))
    writeFileSync(join(account.home, 'mine/a'), randomBytes(16 << 20))
    account.emulator.faults.add({
      operation: 'upload',
      times: 1,
      action: { reset: 'request-body', afterBytes: 10 << 20 },
    })
    account.emulator.counters.reset()
    expect(await account.run('copy', 'mine', 'jotta:')).toMatchObject({ status: 0 })
    expect(account.emulator.counters.of('upload').bytesReceived).toBeLessThan(17 << 20)
  })
})

describe('secrets', () => {
  test('do not appear in any log, dumps included, unless auth is dumped', async () => {
    await using account = await createAccount()
    makeFiles(account, ['a'])
    const config = readFileSync(join(account.home, 'fjord.conf'), 'utf8')
    const access = /"access_token":"([^"]+)"/.exec(config)?.[1] ?? 'none'
    const refresh = /"refresh_token":"([^"]+)"/.exec(config)?.[1] ?? 'none'
    expect(statSync(join(account.home, 'fjord.conf')).mode & 0o777).toBe(0o600)
    const quiet = await account.run('copy', 'mine', 'jotta:', '-vv', '--dump', 'headers,bodies')
    expect(quiet.status).toBe(0)
    expect(quiet.stderr).toContain('allocate')
    expect(quiet.stderr).not.toContain(access)
    expect(quiet.stderr).not.toContain(refresh)
    const loud = await account.run('ls', 'jotta:', '--dump', 'headers,auth')
    expect(loud.stderr).toContain(access)
  })
})
