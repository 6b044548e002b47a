import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Random } from '../differential/random.ts'
import { createRandom } from '../differential/random.ts'
import type { Account } from './fjord.ts'
import { bin, createAccount } from './fjord.ts'

/** FJORD_FUZZ: a multiple of the usual number of kills. FJORD_SEED: the first seed. */
const kills = 6 * Number(process.env['FJORD_FUZZ'] ?? '1')
// The gate tries the same cases every time; the long runs look for new ones.
const fallback = process.env['FJORD_FUZZ'] === undefined ? '1' : String(Date.now() % 1_000_000)
const firstSeed = Number(process.env['FJORD_SEED'] ?? fallback)

test(
  `${kills} runs from seed ${firstSeed} that were killed: the next one converges and nothing is missing`,
  async () => {
    await using account = await createAccount()
    for (let seed = firstSeed; seed < firstSeed + kills; seed++) await killedRun(account, seed)
  },
  60_000 + kills * 10_000,
)

type Tree = Readonly<Record<string, string>>

async function killedRun(account: Account, seed: number): Promise<void> {
  const random = createRandom(seed)
  const command = random.pick(['copy', 'sync', 'move'])
  const up = random.chance(50)
  const home = join(account.home, `run-${seed}`)
  const [here, there] = [join(home, 'here'), `jotta:run-${seed}`]
  const [source, dest] = up ? [here, there] : [there, here]
  const original = makeTree(random)
  // What is already at the destination, and for a sync has to go
  const older: Tree = { 'old/extra': 'extra', 'a/0': 'older content' }
  plant(join(home, 'old'), older)
  plant(join(home, 'new'), original)
  const set = async (from: string, to: string): Promise<void> =>
    expect(await account.run('copy', join(home, from), to)).toMatchObject({ status: 0 })
  await set('new', source)
  await set('old', dest)
  const args = [command, source, dest, '--low-level-retries', '1', ...(random.chance(50) ? ['--checksum'] : [])]
  const told = `seed ${seed}: ${args.join(' ')}`

  await killAfter(account, args, random.below(700))
  const between = await bothSides(account, { home, source, dest })
  for (const [path, content] of Object.entries(original)) {
    const found = [between.source[path], between.dest[path]]
    expect(found.includes(content), `${path} after the kill of ${told}`).toBe(true)
  }
  for (const [path, content] of Object.entries(withoutPartials(between.dest)))
    expect([original[path], older[path]], `no half ${path} after the kill of ${told}`).toContain(content)
  if (command !== 'sync') expect(between.dest, `after the kill of ${told}`).toMatchObject({ 'old/extra': 'extra' })
  expect(await account.run(...args), told).toMatchObject({ status: 0 })
  const after = await bothSides(account, { home, source, dest })
  const expected = command === 'sync' ? original : { ...original, 'old/extra': 'extra' }
  expect(withoutPartials(after.dest), `destination of ${told}`).toEqual(expected)
  expect(after.source, `source of ${told}`).toEqual(command === 'move' ? {} : original)
  rmSync(home, { recursive: true })
}

function makeTree(random: Random): Tree {
  const tree: Record<string, string> = {}
  for (let i = 0; i < 30; i++) tree[`${random.pick(['a', 'b/c', 'd'])}/${i}`] = `content ${i} ${random.below(1e9)}`
  for (let i = 0; i < 2; i++) tree[`big/${i}`] = randomBytes(random.below(20 << 20)).toString('latin1')
  return { ...tree, 'a/0': `newer content ${random.below(1e9)}` }
}

async function killAfter({ home }: Account, args: readonly string[], ms: number): Promise<void> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', RCLONE_CONFIG: join(home, 'fjord.conf') },
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  await setTimeout(150 + ms)
  child.kill('SIGKILL')
  await ended
}

async function bothSides(
  account: Account,
  { home, source, dest }: { readonly home: string; readonly source: string; readonly dest: string },
): Promise<{ readonly source: Tree; readonly dest: Tree }> {
  const look = async (place: string): Promise<Tree> => {
    if (!place.startsWith('jotta:')) return read(place)
    const copy = join(home, 'look')
    mkdirSync(copy)
    expect((await account.run('copy', place, copy)).status).toBe(0)
    const tree = read(copy)
    rmSync(copy, { recursive: true })
    return tree
  }
  return { source: await look(source), dest: await look(dest) }
}

function withoutPartials(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('.partial')))
}

function plant(root: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content, 'latin1')
    utimesSync(join(root, path), 1_600_000_000, 1_600_000_000)
  }
}

function read(root: string): Tree {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => statSync(join(root, name)).isFile())
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), 'latin1')]))
}
