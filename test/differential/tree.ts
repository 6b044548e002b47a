import { lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from './random.ts'

/** A file: its content and its time in seconds; a directory: 'dir'. */
export type Node = { readonly content: string; readonly time: number } | 'dir'
export type Tree = ReadonlyMap<string, Node>

const names = ['a', 'b', 'c.txt', 'd.jpg', 'e e.gz', 'ü.md', '.hid', 'Bb', 'x[1]', 'keep']
const dirs = ['', 'd1', 'd1/deep', 'd2', 'd 3', 'd2/e/f', 'Dd']
const contents = ['', 'x', 'yy', 'yx', 'longer text', 'longer test', 'z'.repeat(3000)]
const day = 86_400
const times = [1_600_000_000, 1_600_000_001, 1_600_000_000 + day, 1_500_000_000]

/** A random tree of a few files in a few directories. */
export function randomTree(random: Random): Map<string, Node> {
  const tree = new Map<string, Node>()
  const files = random.below(9)
  for (let i = 0; i < files; i++) put(tree, join(random.pick(dirs), random.pick(names)), randomFile(random))
  if (random.chance(40)) put(tree, random.pick(['empty', 'd1/none', 'd2/e/void/vv']), 'dir')
  return tree
}

/** A tree that has much in common with `tree`. */
export function randomVariant(random: Random, tree: Tree): Map<string, Node> {
  const variant = new Map<string, Node>()
  for (const [path, node] of tree) {
    const fate = random.below(100)
    if (fate < 20) continue
    if (node === 'dir' || fate >= 65) put(variant, path, node)
    else if (fate < 35) put(variant, path, randomFile(random))
    else if (fate < 50) put(variant, path, { ...node, time: random.pick(times) })
    else put(variant, join(dirname(path), random.pick(names)), node)
  }
  for (const [path, node] of randomTree(random)) if (random.chance(35)) put(variant, path, node)
  return variant
}

function randomFile(random: Random): Node {
  return { content: random.pick(contents), time: random.pick(times) }
}

/** Nothing below a file, and no file where a directory is. */
function put(tree: Map<string, Node>, path: string, node: Node): void {
  const clean = path.replace(/^\.\//, '')
  for (const [other, there] of tree) {
    if (clean.startsWith(`${other}/`) && there !== 'dir') return
    if (other === clean || (node !== 'dir' && other.startsWith(`${clean}/`))) return
  }
  tree.set(clean, node)
}

/** Makes the tree on the disk. */
export function plantTree(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true })
  for (const [path, node] of tree) {
    const full = join(root, path)
    if (node === 'dir') mkdirSync(full, { recursive: true })
    else {
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, node.content)
      utimesSync(full, node.time, node.time)
    }
  }
}

/** What is on the disk below `root`: a line for each file and directory, sorted. */
export function listTree(root: string, o: { readonly times: boolean }): readonly string[] {
  const lines: string[] = []
  const visit = (dir: string): void => {
    for (const name of readdirSync(join(root, dir))) {
      const path = join(dir, name)
      const stats = lstatSync(join(root, path))
      if (stats.isDirectory()) {
        lines.push(`${path}/`)
        visit(path)
      } else {
        const time = o.times ? Math.round(stats.mtimeMs) : ''
        lines.push(`${path} ${time} ${readFileSync(join(root, path), 'utf8').slice(0, 20)}`)
      }
    }
  }
  try {
    visit('')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ['(missing)']
    throw error
  }
  return lines.toSorted()
}
