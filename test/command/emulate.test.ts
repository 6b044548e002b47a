import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bin, fjord } from './fjord.ts'

let home: string
const running: ChildProcess[] = []

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-emulate-'))
})

afterEach(async () => {
  for (const child of running.splice(0)) await end(child)
  rmSync(home, { recursive: true })
})

async function emulate(...args: string[]): Promise<{ child: ChildProcess; facts: Record<string, string> }> {
  const child = spawn(process.execPath, [bin, 'emulate', '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, 'line')
  return { child, facts: JSON.parse(String(line)) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'close')
  child.kill('SIGINT')
  await ended
}

describe('fjord emulate', () => {
  test('leads the real names to the account through its proxy, until the end', async () => {
    const { child, facts } = await emulate('--proxy', '127.0.0.1:0')
    expect(facts).toMatchObject({ email: 'someone@example.com', password: expect.any(String) })
    const { proxy = '', ca = '', proxyLoginToken } = facts
    const env = { HTTPS_PROXY: proxy, RCLONE_CA_CERT: ca }
    const answers = ['config_type=standard', `config_login_token=${proxyLoginToken}`]
    const made = await fjord(['config', 'create', 'j', 'jottacloud', ...answers], { home, env })
    expect(made.status).toBe(0)
    expect(readFileSync(join(home, 'fjord.conf'), 'utf8')).toContain('tokenURL = https://id.jottacloud.com/')
    expect(await fjord(['mkdir', 'j:d'], { home, env })).toMatchObject({ status: 0 })
    expect(await fjord(['lsf', 'j:'], { home, env })).toMatchObject({ status: 0, stdout: 'd/\n' })
    await end(child)
    expect(existsSync(ca)).toBe(false)
  })

  test('serves its address with TLS and keeps the authority in the state folder', async () => {
    const state = join(home, 'state')
    const first = await emulate('--tls', '--state', state)
    expect(first.facts['ca']).toBe(join(state, 'ca.pem'))
    const certificate = readFileSync(join(state, 'ca.pem'), 'utf8')
    await end(first.child)
    const { facts } = await emulate('--tls', '--state', state)
    expect(readFileSync(join(state, 'ca.pem'), 'utf8')).toBe(certificate)
    const { jfs_url: jfs, api_url: api, www_url: www, loginToken, ca = '' } = facts
    expect(jfs).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/jfs\/$/)
    const keys = [`jfs_url=${jfs}`, `api_url=${api}`, `www_url=${www}`]
    const answers = ['config_type=standard', `config_login_token=${loginToken}`]
    const env = { RCLONE_CA_CERT: ca }
    const made = await fjord(['config', 'create', 'j', 'jottacloud', ...keys, ...answers], { home, env })
    expect(made.status).toBe(0)
    expect(await fjord(['lsf', 'j:'], { home, env })).toMatchObject({ status: 0, stdout: '' })
  })

  test('refuses an address that is none', async () => {
    const ran = await fjord(['emulate', '--proxy', 'nowhere'], { home })
    expect([ran.status, ran.stderr.includes('--proxy "nowhere"')]).toEqual([2, true])
  })
})
