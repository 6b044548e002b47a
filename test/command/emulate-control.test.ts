import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  rmSync(home, { recursive: true, force: true })
})

async function emulate(...args: string[]): Promise<Record<string, string>> {
  const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'fjord.conf') }
  const child = spawn(process.execPath, [bin, 'emulate', '--json', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  return JSON.parse(String(line))
}

describe('emulate: control and what it refuses', () => {
  test('has no control interface unless it is asked for, and then says where', async () => {
    expect(await emulate()).not.toHaveProperty('control')
    const { control, jfs_url } = await emulate('--control', '127.0.0.1:0')
    const body = JSON.stringify({ action: { status: 503 } })
    expect((await fetch(`${control}faults`, { method: 'POST', body })).status).toBe(200)
    expect((await fetch(`${jfs_url}user`)).status).toBe(503)
    expect((await fetch(`${jfs_url}user`)).status).toBe(401)
  })

  test('says that a port is taken, and which', async () => {
    const { jfs_url } = await emulate()
    const { host } = new URL(String(jfs_url))
    const ran = await fjord(['emulate', '--addr', host], { home })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain(`Cannot listen on port ${host.split(':')[1]} of 127.0.0.1: another program has it`)
  })

  test('says why it does not open a damaged state folder', async () => {
    writeFileSync(join(home, 'journal.jsonl'), '{"op":"format","version":9}\n')
    const ran = await fjord(['emulate', '--state', home], { home })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('was written by a newer version of this program (format 9)')
  })

  test('refuses an address that is none', async () => {
    const ran = await fjord(['emulate', '--control', 'here'], { home })
    expect([ran.status, ran.stderr.includes('--control "here" is no address')]).toEqual([2, true])
  })
})
