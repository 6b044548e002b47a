import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator/index.ts'
import { freePort } from '../support/local-server.ts'
import { bin, fjord, logIn } from './fjord.ts'
import { start } from './kills/killing.ts'

const size = Number(process.env['FJORD_RESUME_MIB'] ?? 64) << 20

test('when the server is killed in the middle of an upload and comes back, only the rest is sent', async () => {
  const home = mkdtempSync(join(tmpdir(), 'fjord-resume-'))
  const state = join(home, 'account')
  try {
    mkdirSync(join(home, 'mine'))
    const content = randomBytes(size)
    writeFileSync(join(home, 'mine/big.bin'), content)
    const half = size / 2
    expect(await interruptedUpload(home, state, half)).not.toBe(0)

    const emulator = createEmulator({ stateDir: state })
    await emulator.listen()
    try {
      const resumed = await fjord(['copy', 'mine', 'jotta:', '-v'], { home })
      expect(resumed.status).toBe(0)
      const { bytesReceived } = emulator.counters.of('upload')
      expect(bytesReceived).toBeGreaterThan(0)
      expect(bytesReceived).toBeLessThan(size - half + (4 << 20))
      expect(await fjord(['copy', 'jotta:', 'back'], { home })).toMatchObject({ status: 0 })
      expect(readFileSync(join(home, 'back/big.bin')).equals(content)).toBe(true)
    } finally {
      await emulator.close()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

/** Uploads to an emulator in a process of its own, which takes `enough` bytes and is killed then. @returns fjord's exit code */
async function interruptedUpload(home: string, state: string, enough: number): Promise<number | null> {
  const server = spawn(
    process.execPath,
    [bin, 'emulate', '--state', state, '--json', '--control', '127.0.0.1:0', '--addr', `127.0.0.1:${await freePort()}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: home,
    },
  )
  const ended = once(server, 'close')
  try {
    const [line = ''] = (await once(createInterface({ input: server.stdout }), 'line')) as string[]
    const facts = JSON.parse(line) as Record<string, string>
    const { jfs_url: jfsUrl = '', api_url: apiUrl = '', www_url: wwwUrl = '', loginToken = '' } = facts
    await logIn({ home }, { jfsUrl, apiUrl, wwwUrl }, loginToken)
    const body = JSON.stringify({ operation: 'upload', action: { hang: 'request-body', afterBytes: enough } })
    expect((await fetch(`${facts['control']}faults`, { method: 'POST', body })).status).toBe(200)
    const impatient = ['--retries', '1', '--low-level-retries', '1']
    const upload = start({ home }, ['copy', 'mine', 'jotta:', ...impatient], false)
    while (!upload.isOver() && bytesIn(state) < enough) await setTimeout(2)
    server.kill('SIGKILL')
    return (await upload.ended).status
  } finally {
    server.kill('SIGKILL')
    await ended
  }
}

function bytesIn(folder: string): number {
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  return bytes
}
