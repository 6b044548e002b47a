import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Random } from './random.ts'

/** Times in seconds. */
export type Node =
  | { readonly kind: 'file'; readonly content: string; readonly time: number }
  | { readonly kind: 'dir'; readonly time: number }
  | { readonly kind: 'link'; readonly target: string }

export type Tree = ReadonlyMap<string, Node>

const composed = 'ü.md'
const decomposed = composed.normalize('NFD')
const names = ['a', 'b', 'c.txt', 'd.jpg', 'e e.gz', composed, '.hid', 'Bb', 'x[1]', 'keep', 'n.tar.gz']
const dirs = ['', 'd1', 'd1/deep', 'd2', 'd 3', 'd2/e/f', 'Dd']
const targets = ['a', 'd1', 'd2', 'nosuch', 'd1/deep/b']
const contents = ['', 'x', 'yy', 'yx', 'longer text', 'longer test', 'z'.repeat(3000)]
const day = 86_400
const times = [1_600_000_000, 1_600_000_001, 1_600_000_000 + day, 1_500_000_000]

/** A random tree of a few files in a few directories. */
export function randomTree(random: Random): Tree {
  return completed(random, randomNodes(random))
}

/** A tree that has much in common with `tree`. */
export function randomVariant(random: Random, tree: Tree): Tree {
  const variant = new Map<string, Node>()
  for (const [path, node] of tree) {
    const fate = random.below(100)
    if (fate < 20) continue
    if (node.kind !== 'file' || fate >= 65) put(variant, path, node)
    else if (fate < 35) put(variant, path, randomFile(random))
    else if (fate < 50) put(variant, path, { ...node, time: random.pick(times) })
    else if (fate < 60) put(variant, join(dirname(path), random.pick(names)), node)
    else put(variant, join(dirname(path), otherSpelling(basename(path))), node)
  }
  for (const [path, node] of randomNodes(random)) if (random.chance(35)) put(variant, path, node)
  const moved = [...variant].map(([path, node]): [string, Node] =>
    node.kind === 'dir' && random.chance(40) ? [path, { ...node, time: random.pick(times) }] : [path, node],
  )
  return completed(random, new Map(moved))
}

function randomNodes(random: Random): Map<string, Node> {
  const tree = new Map<string, Node>()
  const files = random.below(9)
  for (let i = 0; i < files; i++) put(tree, join(random.pick(dirs), random.pick(names)), randomFile(random))
  const empty = random.pick(['empty', 'd1/none', 'd2/e/void/vv'])
  if (random.chance(40)) put(tree, empty, { kind: 'dir', time: random.pick(times) })
  if (random.chance(8)) put(tree, random.pick(['d2', 'd1/deep']), randomFile(random))
  if (random.chance(10)) put(tree, random.pick(['link', 'd 3/link']), { kind: 'link', target: random.pick(targets) })
  return tree
}

function randomFile(random: Random): Node {
  return { kind: 'file', content: random.pick(contents), time: random.pick(times) }
}

function otherSpelling(name: string): string {
  return name === composed ? decomposed : name === 'Bb' ? 'bB' : name
}

/** Nothing below a file, no file where a directory is, and no two names that may be one. */
function put(tree: Map<string, Node>, path: string, node: Node): void {
  const clean = path.replace(/^\.\//, '')
  for (const [other, there] of tree) {
    if (clean.startsWith(`${other}/`) && there.kind !== 'dir') return
    if (asOne(other) === asOne(clean) || (node.kind !== 'dir' && other.startsWith(`${clean}/`))) return
  }
  tree.set(clean, node)
}

function asOne(path: string): string {
  return path.normalize().toLowerCase()
}

/** The same with every directory that something is in; deeper ones first. */
function completed(random: Random, tree: Map<string, Node>): Tree {
  for (const path of Array.from(tree.keys())) {
    for (let dir = dirname(path); dir !== '.' && !tree.has(dir); dir = dirname(dir))
      tree.set(dir, { kind: 'dir', time: random.pick(times) })
  }
  return new Map([...tree].toSorted(([a], [b]) => b.split('/').length - a.split('/').length))
}

/** Makes the tree on the disk; its root has the first of the times. */
export function plantTree(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true })
  for (const [path, node] of tree) {
    const full = join(root, path)
    mkdirSync(node.kind === 'dir' ? full : dirname(full), { recursive: true })
    if (node.kind === 'file') writeFileSync(full, node.content)
    if (node.kind === 'link') symlinkSync(node.target, full)
  }
  // What comes into a directory changes its time
  for (const [path, node] of tree) {
    const full = join(root, path)
    if (node.kind === 'link') lutimesSync(full, times[0] ?? 0, times[0] ?? 0)
    else utimesSync(full, node.time, node.time)
  }
  utimesSync(root, times[0] ?? 0, times[0] ?? 0)
}

/** What a path on the disk is, and what it has: content, target, time; 'now' stands for any time of the run itself. */
export interface Found {
  readonly path: string
  readonly kind: Node['kind']
  readonly content: string
  readonly time: string
}

/** What is on the disk below `root`, in any order; undefined where there is no such directory. */
export function listTree(root: string): readonly Found[] | undefined {
  const found: Found[] = []
  const visit = (dir: string): void => {
    found.push({ path: dir, kind: 'dir', content: '', time: timeOf(join(root, dir)) })
    for (const name of readdirSync(join(root, dir))) {
      const path = join(dir, name)
      const full = join(root, path)
      const stats = lstatSync(full)
      if (stats.isDirectory()) visit(path)
      else if (stats.isSymbolicLink()) found.push({ path, kind: 'link', content: readlinkSync(full), time: '' })
      else found.push({ path, kind: 'file', content: readFileSync(full, 'utf8').slice(0, 20), time: timeOf(full) })
    }
  }
  try {
    visit('')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return found
}

function timeOf(path: string): string {
  const seconds = lstatSync(path).mtimeMs / 1000
  return seconds > 1_700_000_000 ? 'now' : String(seconds)
}
