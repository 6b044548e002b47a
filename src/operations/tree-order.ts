import { comparePaths } from '../core/path.ts'
import type { TreeNode } from './load-tree.ts'

/** How the entries of a directory are ordered (rclone's surface §1.2, tree). */
export interface TreeOrder {
  /** name, version, size, mtime or ctime; anything else is name. */
  readonly sort: string
  readonly reverse: boolean
  readonly dirsFirst: boolean
  /** As they were listed. */
  readonly unsorted: boolean
}

type Compare = (a: TreeNode, b: TreeNode) => number

const byName: Compare = (a, b) => comparePaths(a.name, b.name)
const byTime: Compare = (a, b) => sign((a.entry.modified ?? 0n) - (b.entry.modified ?? 0n))

/** By key; a remote has no ctime but that of the modification. */
const comparisons: Readonly<Record<string, Compare>> = {
  version: (a, b) => compareVersions(a.name, b.name),
  size: (a, b) => (a.entry.size ?? -1) - (b.entry.size ?? -1),
  mtime: byTime,
  ctime: byTime,
}

/** `nodes` in that order; what is equal in it is ordered by name. */
export function orderNodes(nodes: readonly TreeNode[], o: TreeOrder): readonly TreeNode[] {
  if (o.unsorted) return nodes
  const compare = comparisons[o.sort] ?? byName
  const turn = o.reverse ? -1 : 1
  return nodes.toSorted((a, b) => (o.dirsFirst ? dirFirst(a, b) : 0) || turn * compare(a, b) || turn * byName(a, b))
}

function dirFirst(a: TreeNode, b: TreeNode): number {
  return Number(b.kind === 'dir') - Number(a.kind === 'dir')
}

/** Digits are compared as numbers: f2 before f10. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [pieces(a), pieces(b)]
  for (const [i, piece] of x.entries()) {
    const other = y[i]
    if (other === undefined) return 1
    const both = /^\d/.test(piece) && /^\d/.test(other)
    const order = both ? sign(BigInt(piece) - BigInt(other)) : comparePaths(piece, other)
    if (order !== 0) return order
  }
  return x.length - y.length
}

function pieces(name: string): readonly string[] {
  return name.match(/\d+|\D+/g) ?? []
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
