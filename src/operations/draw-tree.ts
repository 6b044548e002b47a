import type { Time } from '../core/time.ts'
import { second } from '../core/time.ts'
import type { TreeDir, TreeNode } from './load-tree.ts'
import { formatTime } from '../options/time-layout.ts'
import { coloured } from './tree-colour.ts'
import { orderNodes } from './tree-order.ts'
import type { TreeOrder } from './tree-order.ts'

/** How a tree looks (rclone's surface §1.2, tree). */
export interface TreeLook extends TreeOrder {
  readonly dirsOnly: boolean
  readonly fullPath: boolean
  readonly noIndent: boolean
  readonly noReport: boolean
  readonly quote: boolean
  readonly size: boolean
  readonly human: boolean
  readonly protections: boolean
  readonly modtime: boolean
  readonly colour: boolean
  /** Times more than half a year away from it are shown with their year. */
  readonly now: Time
  /** Makes a name fit to be shown. */
  readonly show: (name: string) => string
}

const halfYear = 182n * 86_400n * second

/** The lines of a tree, and at the end how many directories and files it has. */
export function* drawTree(root: TreeDir, look: TreeLook): Generator<string> {
  const counts = { dir: 0, file: 0 }
  yield line(root, look)
  yield* below(root, '')
  if (look.noReport) return
  yield ''
  yield `${counts.dir} directories${look.dirsOnly ? '' : `, ${counts.file} files`}`

  function* below(dir: TreeDir, indent: string): Generator<string> {
    const nodes = (dir.children ?? []).filter(({ kind }) => kind === 'dir' || !look.dirsOnly)
    const ordered = orderNodes(nodes, look)
    for (const [i, node] of ordered.entries()) {
      counts[node.kind]++
      const last = i === ordered.length - 1
      yield `${look.noIndent ? '' : indent + (last ? '└── ' : '├── ')}${line(node, look)}`
      if (node.kind === 'dir') yield* below(node, `${indent}${last ? '    ' : '│   '}`)
    }
  }
}

function line(node: TreeNode, look: TreeLook): string {
  const facts = factsOf(node, look)
  const shown = look.show(look.fullPath || node.name === '' ? `/${node.path}` : node.name)
  const name = look.quote ? `"${shown}"` : shown
  return `${facts.length > 0 ? `[${facts.join(' ')}]  ` : ''}${look.colour ? coloured(node, name) : name}`
}

function factsOf(node: TreeNode, look: TreeLook): readonly string[] {
  const facts: string[] = []
  if (look.protections && node.kind === 'file') facts.push('-rw-rw-rw-')
  if (look.size) facts.push(sizeText(sizeOf(node), look.human))
  if (look.modtime && node.kind === 'file') facts.push(timeText(node.entry.modified, look.now))
  return facts
}

/** Of a directory the sum of what is in it; undefined where it was not looked into. */
function sizeOf(node: TreeNode): number | undefined {
  if (node.kind === 'file') return node.entry.size ?? 0
  return node.children?.reduce((sum, child) => sum + (sizeOf(child) ?? 0), 0)
}

function sizeText(size: number | undefined, human: boolean): string {
  const width = human ? 4 : 11
  if (size === undefined) return '?'.repeat(width)
  return (human ? shortSize(size) : String(size)).padStart(width)
}

/** One letter and at most one decimal; what is not above a unit stays in the one below. */
function shortSize(size: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P', 'E']
  let power = 0
  while (power < units.length - 1 && size > 1024 ** (power + 1)) power++
  const amount = size / 1024 ** power
  return `${amount.toFixed(power > 0 && amount < 10 ? 1 : 0)}${units[power]}`
}

function timeText(time: Time, now: Time): string {
  const far = time < now - halfYear || time > now + halfYear
  return formatTime(time, far ? 'Jan 02  2006' : 'Jan 02 15:04')
}
