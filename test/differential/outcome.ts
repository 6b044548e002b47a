import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './cases.ts'
import { runInProcess } from './in-process.ts'
import type { Found } from './tree.ts'
import { listTree, plantTree } from './tree.ts'

/** What a run came to. */
export interface Outcome {
  readonly status: number | null
  readonly stderr: string
  /** What the trees are afterwards; `backup` too. */
  readonly trees: Readonly<Record<string, readonly Found[] | undefined>>
  /** The lines of each report, sorted. */
  readonly reports: Readonly<Record<string, readonly string[]>>
}

/** Runs a case with rclone in a new folder, which is removed. */
export function runRclone(rclone: string, root: string, one: Case): Outcome {
  return inFolder(root, one, (argv) => {
    const env = { HOME: root, RCLONE_CONFIG: join(root, 'none.conf'), TZ: 'UTC' }
    return spawnSync(rclone, argv, { encoding: 'utf8', env, cwd: root, timeout: 10_000, killSignal: 'SIGKILL' })
  })
}

/** Runs a case with fjord in a new folder, which is removed. */
export async function runFjord(root: string, one: Case): Promise<Outcome> {
  const argv = plant(root, one)
  const ran = await runInProcess(argv, root)
  return collect(root, ran)
}

function inFolder(
  root: string,
  one: Case,
  run: (argv: readonly string[]) => { readonly status: number | null; readonly stderr: string },
): Outcome {
  return collect(root, run(plant(root, one)))
}

function plant(root: string, one: Case): readonly string[] {
  mkdirSync(root)
  for (const [name, tree] of Object.entries(one.trees)) {
    if (name !== 'dst' || tree.size > 0) plantTree(join(root, name), tree)
  }
  writeFileSync(join(root, 'list'), one.listed.map((line) => `${line}\n`).join(''))
  writeFileSync(join(root, 'list0'), one.listed.map((name) => `${name}\0`).join(''))
  writeFileSync(join(root, 'rules'), one.listed.map((name, at) => `${at % 2 ? '+' : '-'} ${name}\n`).join(''))
  return [one.command, ...one.args, '--retries', '1', ...one.flags].map((word) => word.replace('{}', root))
}

function collect(root: string, ran: { readonly status: number | null; readonly stderr: string }): Outcome {
  const names = ['src', 'dst', 'other', 'backup']
  const trees = Object.fromEntries(names.map((name) => [name, listTree(join(root, name))]))
  const files = readdirSync(root).filter((name) => name.startsWith('report-'))
  const reports = Object.fromEntries(files.map((name) => [name, linesOf(join(root, name))]))
  rmSync(root, { recursive: true })
  return { status: ran.status, stderr: ran.stderr.replaceAll(root, '{}'), trees, reports }
}

/** The sorted lines of a report, but for those about rclone's temporary names for a change of case. */
function linesOf(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => !/-rclone-move-[a-z0-9]{8}$/.test(line)).toSorted()
}
