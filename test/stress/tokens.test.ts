import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { formatTokenBlob } from '../../src/core/token-blob.ts'
import { createEmulator, type Emulator, type EmulatorUrls } from '../../src/emulator/index.ts'
import { loginWithToken } from '../../src/remotes/jottacloud/index.ts'

// The full measure is 8 processes of 100 uses each: FJORD_FUZZ=10.
const scale = Number(process.env['FJORD_FUZZ'] ?? 1)
const processes = scale >= 10 ? 8 : 3
const uses = scale >= 10 ? 100 : 4
const kills = scale >= 10 ? 50 : 2

let bundles = ''
let home = ''
let emulator: Emulator
let urls: EmulatorUrls
const running = new Set<ChildProcess>()

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'stress-bundle-'))
  await build({
    entryPoints: ['token-worker.ts', 'refresh-helper.ts'].map((name) => join(import.meta.dirname, name)),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
})
afterAll(() => rm(bundles, { recursive: true }))
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stress-'))
  // Every token has less than a minute to live, so that every use refreshes it.
  emulator = createEmulator({ accessTokenLifetime: 30 })
  urls = await emulator.listen()
  await logIn()
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  await emulator.close()
  await rm(home, { recursive: true })
})

async function logIn(): Promise<void> {
  const token = await loginWithToken(emulator.createLoginToken())
  const keys = {
    type: 'jottacloud',
    configVersion: '1',
    client_id: 'jottacli',
    tokenURL: `${urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`,
    jfs_url: urls.jfsUrl,
    api_url: urls.apiUrl,
    token: formatTokenBlob(token),
  }
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}`)
  await writeFile(join(home, 'rclone.conf'), `[jotta]\n${lines.join('\n')}\n`)
}

/** What a worker said until it ended. */
interface Outcome {
  readonly ok: number
  readonly failure: string | undefined
}

interface Work {
  readonly times: number
  /** Refreshes are made by a process that outlives the worker. */
  readonly helped: boolean
  readonly onStart?: (child: ChildProcess) => void
}

function work({ times, helped, onStart }: Work): Promise<Outcome> {
  const helper = helped ? [join(bundles, 'refresh-helper.mjs')] : []
  const child = spawn(process.execPath, [join(bundles, 'token-worker.mjs'), home, String(times), ...helper], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  onStart?.(child)
  let ok = 0
  let failure: string | undefined
  const said = createInterface(child.stdout)
  said.on('line', (line) => {
    if (line === 'ok') ok++
    else failure = line
  })
  return new Promise((resolve) => {
    child.once('close', () => {
      running.delete(child)
      resolve({ ok, failure })
    })
  })
}

const marks = async (): Promise<string[]> =>
  (await readdir(join(home, 'state/tokens')).catch(() => [])).filter((name) => name.endsWith('.renewing'))

/** Kills three workers at a random moment of their refreshes. @returns how many uses went well before */
async function killAll(helped: boolean): Promise<number> {
  const children: ChildProcess[] = []
  const onStart = (child: ChildProcess): void => void children.push(child)
  const before = emulator.counters.of('token').requests
  const all = Array.from({ length: 3 }, () => work({ times: 1000, helped, onStart }))
  while (emulator.counters.of('token').requests < before + 2) await sleep(5)
  for (const child of children) {
    await sleep(Math.random() * 40)
    child.kill('SIGKILL')
  }
  const outcomes = await Promise.all(all)
  return outcomes.reduce((sum, { ok }) => sum + ok, 0)
}

describe.each([
  ['itself', false],
  ['by a helper', true],
])('one login in the hands of many processes, refreshed %s', (_, helped) => {
  test(
    `is lost by none of ${processes} that refresh it ${uses} times each`,
    async () => {
      const all = Array.from({ length: processes }, () => work({ times: uses, helped }))
      expect(await Promise.all(all)).toEqual(all.map(() => ({ ok: uses, failure: undefined })))
      expect(emulator.counters.of('token').requests).toBeGreaterThan(processes * uses)
      expect(await marks()).toEqual([])
    },
    scale * 120_000,
  )

  test(
    `survives ${kills * 3} kills at random moments${helped ? '' : ', but for those between the answer of the service and the disk'}`,
    async () => {
      let [lost, done] = [0, 0]
      for (let kill = 0; kill < kills; kill++) {
        done += await killAll(helped)
        const next = await work({ times: 1, helped })
        if (next.failure === undefined) continue
        expect(next.failure).toContain('auth')
        expect(next.failure).toContain('was cut off before its answer was stored')
        expect(await marks()).toHaveLength(1)
        lost++
        await logIn()
      }
      process.stdout.write(`${kills * 3} kills, ${done} uses: ${lost} logins lost in the window\n`)
      if (helped) expect(lost).toBe(0)
    },
    scale * 120_000,
  )
})
