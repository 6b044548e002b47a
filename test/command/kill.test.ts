import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Remote } from '../../src/core/remote.ts'
import { defaultDialect } from '../../src/emulator/index.ts'
import { createRandom } from '../differential/random.ts'
import type { Account } from './fjord.ts'
import { createAccount } from './fjord.ts'
import type { KillCase } from './kills/cases.ts'
import { drawCase } from './kills/cases.ts'
import type { Moment } from './kills/checks.ts'
import { argsIn, argsOf, checkLeft, checkNext, checkRemembered, stateOf } from './kills/checks.ts'
import { drawBlow, killed, measure } from './kills/killing.ts'
import { createWorld, openWitness } from './kills/world.ts'

/** FJORD_FUZZ: a multiple of the usual number of kills. FJORD_SEED: the first seed. */
const kills = 6 * Number(process.env['FJORD_FUZZ'] ?? '1')
// The gate tries the same cases every time; the long runs look for new ones.
const fallback = process.env['FJORD_FUZZ'] === undefined ? '1' : String(Date.now() % 1_000_000)
const firstSeed = Number(process.env['FJORD_SEED'] ?? fallback)

let trials = 0
const moments = { before: 0, amid: 0, after: 0 }

describe('the next run after one that was killed converges, and nothing is missing', () => {
  let account: Account
  let witness: Remote
  beforeAll(async () => {
    account = await createAccount()
    witness = await openWitness(account)
  })
  afterAll(() => account[Symbol.asyncDispose]())

  test.each(Array.from({ length: kills }, (_, i) => firstSeed + i))('seed %i', async (seed) => {
    moments[await killedRun(account, witness, seed)]++
  })

  test('most were killed in the middle', async () => {
    // A busy machine strikes late: then the same is done again
    for (let more = 0; moments.amid < kills / 2 && more < 4 * kills; more++)
      moments[await killedRun(account, witness, firstSeed + (more % kills))]++
    if (kills > 6) console.log(`of ${kills} kills from seed ${firstSeed}: ${JSON.stringify(moments)}`)
    expect(moments.amid, JSON.stringify(moments)).toBeGreaterThanOrEqual(kills / 2)
  })
})

async function killedRun(account: Account, witness: Remote, seed: number): Promise<Moment> {
  trials++
  const random = createRandom(seed)
  rmSync(stateOf(account), { recursive: true, force: true })
  const it = drawCase(random)
  const blows = [drawBlow(random), ...(random.chance(30) ? [drawBlow(random)] : [])]
  const told = `seed ${seed}: ${argsOf(it, () => '').join(' ')} ${JSON.stringify({ ...it.kinds, blows, o: it.remoteOptions })}`
  account.emulator.dialect.set({ ...defaultDialect, ...it.dialect })
  const config = readFileSync(join(account.home, 'fjord.conf'), 'utf8')
  setFaults(account, it)
  const [model, world] = ['model', 'run'].map((name) => createWorld(account, witness, `${name}-${trials}`, it.kinds))
  if (!model || !world) throw new Error('two worlds')
  for (const each of [model, world]) {
    each.plant(it)
    if (it.trashed) expect(await account.run('purge', each.at('dest', ''))).toMatchObject({ status: 0 })
  }

  const places = [model.folder('source'), model.folder('dest')]
  const unkilled = await measure(account, argsIn(model, it), places)
  expect(unkilled, `unkilled ${told}`).toMatchObject({ status: 0 })
  const trial = { account, it, world, told, initial: await world.look(), final: await model.look() }
  let moment: Moment | undefined
  for (const blow of blows) {
    setFaults(account, it, !blow.group)
    const ended = await killed(account, argsIn(world, it), unkilled, blow)
    const left = await checkLeft(trial, blow, ended)
    moment ??= left
  }
  setFaults(account, it)
  await checkNext(trial)
  await checkRemembered(trial, config)
  await model.remove()
  await world.remove()
  return moment ?? 'after'
}

/** @param expires a token may: where the helper is killed too that refreshes it, the login may be lost (decisions/0009) */
function setFaults({ emulator: { faults } }: Account, { latency, expiresAfter }: KillCase, expires = false): void {
  faults.clear()
  if (expires && expiresAfter !== undefined) faults.add({ skip: expiresAfter, action: { expireToken: true } })
  if (latency > 0) faults.add({ times: Infinity, action: { delayMs: latency } })
}
