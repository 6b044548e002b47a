// The measurements that README quotes: many small files, one big file, a long listing, the start of the command.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFillSync } from 'node:crypto'
import { createInterface } from 'node:readline'
import { ensureBuilt, ensureInstalled } from '../scripts/set-up.mjs'
import { root } from '../scripts/tools.mjs'
import { measure, median } from './measure.mjs'

const bin = join(root, 'dist/bin.js')
const rcloneSeconds = { 'small up': 45, 'small down': 22, 'big up': 8, 'big down': 8, listing: 4.7 }
const runs = Number(argument('--runs') ?? 3)
const only = argument('--only')

ensureInstalled()
await ensureBuilt()
const work = mkdtempSync(join(tmpdir(), 'fjord-bench-'))
try {
  console.log('| work | wall s | CPU s | peak MiB | rclone 1.76 wall s |\n|---|---|---|---|---|')
  if (wanted('start')) await start()
  if (wanted('small')) await small()
  if (wanted('big')) await big()
  if (wanted('listing')) await listing()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function start() {
  await row('node -e 0', () => measure([process.execPath, '-e', '0']), 9)
  await row('version', () => fjord(['version'], work), 9)
}

async function small() {
  const source = join(work, 'small')
  for (let dir = 0; dir < 20; dir++) {
    mkdirSync(join(source, `d${dir}`), { recursive: true })
    for (let file = 0; file < 100; file++)
      writeFileSync(join(source, `d${dir}`, `f${file}`), randomFillSync(Buffer.alloc(1500)))
  }
  await upAndDown('small', source, '2,000 files of 1.5 kB')
}

async function big() {
  const source = join(work, 'big')
  mkdirSync(source)
  const piece = Buffer.alloc(1 << 24)
  for (let i = 0; i < 64; i++) writeFileSync(join(source, 'big.bin'), randomFillSync(piece), { flag: 'a' })
  await upAndDown('big', source, '1 GiB')
}

async function upAndDown(name, source, label) {
  const ups = []
  const downs = []
  for (let run = 0; run < runs; run++) {
    await withAccount([], async (config) => {
      ups.push(await fjord(['copy', source, 'jotta:up'], config))
      downs.push(await fjord(['copy', 'jotta:up', join(work, 'down')], config))
      rmSync(join(work, 'down'), { recursive: true, force: true })
    })
  }
  print(`${label} up`, ups, rcloneSeconds[`${name} up`])
  print(`${label} down`, downs, rcloneSeconds[`${name} down`])
}

async function listing() {
  await withAccount(['200000'], async (config) => {
    await row('listing of 200,000 files (ls)', () => fjord(['ls', 'jotta:'], config), runs, rcloneSeconds.listing)
  })
}

async function row(label, once, times, rclone) {
  const results = []
  for (let run = 0; run < times; run++) results.push(await once())
  print(label, results, rclone)
}

function print(label, results, rclone) {
  for (const { status, stderr } of results)
    if (status !== 0) throw new Error(`${label} ended with ${status}: ${stderr}`)
  const figure = (of) => median(results.map(of))
  console.log(
    `| ${label} | ${figure((r) => r.wall).toFixed(3)} | ${figure((r) => r.cpu).toFixed(3)} | ${(figure((r) => r.peak) / 2 ** 20).toFixed(0)} | ${rclone ?? ''} |`,
  )
}

function fjord(args, config) {
  return measure([process.execPath, bin, ...args], { env: { RCLONE_CONFIG: join(config, 'fjord.conf') } })
}

/** Starts an emulator in a process of its own, makes the remote `jotta:`, and ends the process afterwards. */
async function withAccount(emulatorArgs, body) {
  const folder = mkdtempSync(join(work, 'account-'))
  const emulator = spawn(process.execPath, [join(root, 'bench/emulator.mjs'), ...emulatorArgs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface({ input: emulator.stdout })[Symbol.asyncIterator]()
    const urls = JSON.parse((await lines.next()).value)
    const keys = ['jfs_url', 'api_url', 'www_url'].map((key) => `${key}=${urls[key]}`)
    const made = await fjord(
      [
        'config',
        'create',
        'jotta',
        'jottacloud',
        ...keys,
        'config_type=standard',
        `config_login_token=${urls.loginToken}`,
      ],
      folder,
    )
    if (made.status !== 0) throw new Error(made.stderr)
    await body(folder)
  } finally {
    emulator.kill()
    await new Promise((resolve) => emulator.once('close', resolve))
    rmSync(folder, { recursive: true, force: true })
  }
}

function wanted(name) {
  return only === undefined || only === name
}

function argument(name) {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
