// The measurements that README quotes: many small files, one big file, a long listing, a sync that finds nothing to do, the
// start of the command.
import { spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled } from '../scripts/set-up.mjs'
import { fjord, withAccount } from './account.mjs'
import { plantManyFiles } from './many-files.mjs'
import { measure, median } from './measure.mjs'

const runs = Number(argument('--runs') ?? 3)
const only = argument('--only')
const files = Number(argument('--files') ?? 2000)
const mebibytes = Number(argument('--mib') ?? 1024)
const many = Number(argument('--many') ?? 200_000)
const perDir = Number(argument('--per-dir') ?? 500)
const named = argument('--rclone') ?? 'rclone'
const version = /^rclone (v\S+)/.exec(spawnSync(named, ['version'], { encoding: 'utf8' }).stdout ?? '')?.[1]
const rclone = version === undefined ? undefined : named
const columns = ['rclone', 'fjord', 'fjord direct']

ensureInstalled()
await ensureBuilt()
const work = mkdtempSync(join(tmpdir(), 'fjord-bench-'))
try {
  console.log(
    `Node ${process.version}, ${rclone === undefined ? 'no rclone' : `rclone ${version}`}, medians of ${runs}`,
  )
  console.log(`| work | ${columns.map((name) => `${name} wall s, CPU s, peak MiB`).join(' | ')} | rclone ÷ fjord |`)
  console.log('|---|---|---|---|---|')
  if (wanted('start')) await start()
  if (wanted('small')) await upAndDown(small(), `${files} files of 1.5 kB`)
  if (wanted('big')) await upAndDown(big(), `${mebibytes} MiB`)
  if (wanted('listing')) await listing()
  if (wanted('noop')) await noop()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function start() {
  const results = new Map()
  for (let run = 0; run < 3 * runs; run++) {
    if (rclone !== undefined) add(results, 'rclone', await measure([rclone, 'version']))
    add(results, 'fjord', await fjord(['version']))
  }
  print('version', results)
}

function small() {
  const source = join(work, 'small')
  for (let file = 0; file < files; file++) {
    const dir = join(source, `d${Math.floor(file / 100)}`)
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, `f${file}`), randomFillSync(Buffer.alloc(1500)))
  }
  return source
}

function big() {
  const source = join(work, 'big')
  mkdirSync(source)
  const piece = Buffer.alloc(1 << 20)
  for (let i = 0; i < mebibytes; i++) writeFileSync(join(source, 'big.bin'), randomFillSync(piece), { flag: 'a' })
  return source
}

/** Each contestant in turn, again and again. What one sent is gone for good before the next, or nothing would be sent again. */
async function upAndDown(source, label) {
  const ups = new Map()
  const downs = new Map()
  await withAccount({ work, rclone }, async (contestants) => {
    for (let run = 0; run < runs; run++) {
      for (const { name, run: command } of contestants) {
        add(ups, name, await command(['copy', source, 'jotta:up']))
        add(downs, name, await command(['copy', 'jotta:up', join(work, 'down')]))
        await command(['purge', '--jottacloud-hard-delete', 'jotta:up'])
        rmSync(join(work, 'down'), { recursive: true, force: true })
      }
    }
  })
  print(`${label} up`, ups)
  print(`${label} down`, downs)
  rmSync(source, { recursive: true, force: true })
}

async function listing() {
  const results = new Map()
  await withAccount({ work, files: 200_000, rclone }, async (contestants) => {
    for (let run = 0; run < runs; run++)
      for (const { name, run: command } of contestants) add(results, name, await command(['ls', 'jotta:']))
  })
  print('listing of 200,000 files (ls)', results)
}

/** A sync of very many files that are all there, directory by directory and with a listing of everything at once. */
async function noop() {
  const source = join(work, 'many')
  plantManyFiles(source, many, perDir)
  const results = new Map([
    ['', new Map()],
    [' --fast-list', new Map()],
  ])
  await withAccount({ work, files: many, perDir, rclone }, async (contestants) => {
    for (let run = 0; run < runs; run++) {
      for (const [flag, of] of results) {
        for (const { name, run: command } of contestants) {
          const result = await command(['sync', '-v', source, 'jotta:', ...flag.trim().split(' ').filter(Boolean)])
          if (!result.stderr.includes('There was nothing to transfer')) throw new Error(result.stderr)
          add(of, name, result)
        }
      }
    }
  })
  for (const [flag, of] of results) print(`no-op sync of ${many} files, ${perDir} a directory${flag}`, of)
  rmSync(source, { recursive: true, force: true })
}

function add(results, name, result) {
  if (result.status !== 0) throw new Error(`${name} ended with ${result.status}: ${result.stderr}`)
  results.set(name, [...(results.get(name) ?? []), result])
}

function print(label, results) {
  const middle = (name, figure) => median((results.get(name) ?? []).map(figure))
  const cells = columns.map((name) =>
    results.has(name)
      ? [
          middle(name, (r) => r.wall).toFixed(3),
          middle(name, (r) => r.cpu).toFixed(3),
          (middle(name, (r) => r.peak) / 2 ** 20).toFixed(0),
        ].join(', ')
      : '',
  )
  const ratio = middle('rclone', (r) => r.wall) / middle('fjord', (r) => r.wall)
  console.log(`| ${label} | ${cells.join(' | ')} | ${Number.isNaN(ratio) ? '' : ratio.toFixed(2)} |`)
}

function wanted(name) {
  return only === undefined || only === name
}

function argument(name) {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
