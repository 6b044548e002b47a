import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Count } from '../../src/emulator/index.ts'
import { createEmulator } from '../../src/emulator/index.ts'
import type { Random } from '../differential/random.ts'
import { createRandom } from '../differential/random.ts'
import { freePort } from '../support/local-server.ts'
import { bin, fjord, logIn } from './fjord.ts'
import type { KillCase } from './kills/cases.ts'
import { drawCase } from './kills/cases.ts'
import { argsIn, argsOf, checkFiles, isSame, withoutAside } from './kills/checks.ts'
import { start } from './kills/killing.ts'
import type { World } from './kills/world.ts'
import { createWorld, openWitness } from './kills/world.ts'

/** FJORD_FUZZ: a multiple of the usual number of kills. FJORD_SEED: the first seed. */
const kills = Number(process.env['FJORD_FUZZ'] ?? '1')
const fallback = process.env['FJORD_FUZZ'] === undefined ? '1' : String(Date.now() % 1_000_000)
const firstSeed = Number(process.env['FJORD_SEED'] ?? fallback)

test.each(Array.from({ length: kills }, (_, i) => firstSeed + i))(
  'the server is killed in the middle and comes back on its folder: seed %i',
  async (seed) => {
    const home = mkdtempSync(join(tmpdir(), 'fjord-kill-server-'))
    try {
      await killedServer(home, seed)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
)

async function killedServer(home: string, seed: number): Promise<void> {
  const random = createRandom(seed)
  const it = drawServerCase(random)
  const [part, comesBack] = [random.below(1000) / 1000, random.chance(50)]
  const told = `seed ${seed}: ${argsOf(it, () => '').join(' ')} ${JSON.stringify({ ...it.kinds, part, comesBack, o: it.remoteOptions })}`
  const { model, world } = await planted(home, it)
  let server = await startServer(home)
  try {
    const initial = await world.look()
    const before = await server.work()
    expect(await fjord(argsIn(model, it), { home }), `unkilled ${told}`).toMatchObject({ status: 0 })
    const [begun, final] = [await server.work(), await model.look()]
    const looked = await server.work()
    const client = start({ home }, [...argsIn(world, it), ...(comesBack ? [] : impatient)], false)
    while (!client.isOver() && (await server.work()) - looked < part * (begun - before)) await setTimeout(3)
    await server.kill()
    if (!comesBack) await client.ended
    server = await startServer(home)
    const { status, stderr } = await client.ended
    const left = await world.look()
    checkFiles({ it, told, initial, final }, left)
    if (comesBack) expect(status, `${stderr} with the server back: ${told}`).toBe(0)
    if (status === 0) expect(isSame(withoutAside(left), final), `all is done: ${told}`).toBe(true)
    else checkError({ status, stderr }, told)
    expect((await fjord(argsIn(world, it), { home })).status, `next run of ${told}`).toBe(0)
    expect(Object.fromEntries(await world.look()), `left by the next run of ${told}`).toEqual(Object.fromEntries(final))
  } finally {
    await server.kill()
  }
}

/** Gives up at once where nobody answers. */
const impatient = ['--retries', '1', '--low-level-retries', '1']

function drawServerCase(random: Random): KillCase {
  const it = drawCase(random)
  const isFar = it.kinds.source === 'jotta' || (it.kinds.dest === 'jotta' && it.command !== 'convmv')
  // A directory that was moved at once is no source for another run
  const isAgain = it.command !== 'move' || Object.keys(it.dest).length > 0
  return isFar && isAgain && !it.trashed ? it : drawServerCase(random)
}

/** Files are named with what could not be done with them and why; at the end stands what to do. */
function checkError(
  { status, stderr }: { readonly status: number | null; readonly stderr: string },
  told: string,
): void {
  expect([1, 5], `${stderr} ${told}`).toContain(status)
  expect(stderr, told).toMatch(/(ERROR : [a-z].*|CRITICAL: .*jotta.*): .* http:\/\/127\.0\.0\.1/)
  expect(stderr, told).toMatch(/NOTICE: Check .*\n$/)
}

async function planted(home: string, it: KillCase): Promise<{ readonly model: World; readonly world: World }> {
  const emulator = createEmulator({ stateDir: accountOf(home) })
  try {
    const urls = await emulator.listen({ port: await freePort() })
    expect(await logIn({ home }, urls, emulator.createLoginToken())).toMatchObject({ status: 0 })
    const witness = await openWitness({ home, emulator })
    const [model, world] = ['model', 'run'].map((name) => createWorld({ home, emulator }, witness, name, it.kinds))
    if (!model || !world) throw new Error('two worlds')
    for (const each of [model, world]) each.plant(it)
    return { model, world }
  } finally {
    await emulator.close()
  }
}

function accountOf(home: string): string {
  return join(home, 'account')
}

/** An emulator in a process of its own, at the address that it had before. */
async function startServer(home: string) {
  const args = ['emulate', '--state', accountOf(home), '--json', '--control', '127.0.0.1:0']
  const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'server.conf') }
  const server = spawn(process.execPath, [bin, ...args], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'close')
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const { control } = JSON.parse(String(line)) as { readonly control: string }
  return {
    /** Requests, and MiB that went over the wire. */
    async work() {
      const counts = (await (await fetch(new URL('counters', control))).json()) as Record<string, Count>
      const sum = (key: keyof Count): number => Object.values(counts).reduce((all, count) => all + count[key], 0)
      return sum('requests') + (sum('bytesReceived') + sum('bytesSent')) / (1 << 20)
    },
    async kill() {
      server.kill('SIGKILL')
      await ended
    },
  }
}
