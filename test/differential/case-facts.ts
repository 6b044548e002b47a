import { basename, dirname } from 'node:path'
import type { Case } from './cases.ts'
import type { Node, Tree } from './tree.ts'

/** Whether all of these flags are typed. */
export function has({ flags }: Case, ...all: readonly string[]): boolean {
  return all.every((flag) => flags.includes(flag))
}

/** The value of the last of these flags; undefined where it is not typed. */
export function valueOf({ flags }: Case, name: string): string | undefined {
  const at = flags.lastIndexOf(name)
  return at === -1 ? undefined : flags[at + 1]
}

export function moves({ command }: Case): boolean {
  return command === 'move' || command === 'moveto'
}

/** The source is one file. */
export function isOneFile({ args, trees }: Case): boolean {
  return trees.src.get(placeOf(args[0]))?.kind === 'file'
}

/** The source is missing, or a link, which may lead to nothing that could be listed. */
export function lacksSource({ args, trees }: Case): boolean {
  return args[0] === '{}/src/nosuch' || trees.src.get(placeOf(args[0]))?.kind === 'link'
}

/** The source is what the case has planted, not something in it. */
export function isWhole({ args }: Case): boolean {
  return args[0] === '{}/src'
}

export function filters({ flags }: Case): boolean {
  return flags.some((flag) => /^--(include|exclude|filter|files-from|hash-filter|(max|min)-(age|size))/.test(flag))
}

export function listsFiles(one: Case): boolean {
  return ['--files-from', '--files-from-raw', '--files-from0'].some((flag) => has(one, flag))
}

/** Something that is no file and no directory. */
export function hasLinks(...trees: readonly Tree[]): boolean {
  return trees.some((tree) => [...tree.values()].some(({ kind }) => kind === 'link'))
}

/** The source as seen from what the command names; a file is alone in it. */
export function sourceOf({ args, trees }: Case): Tree {
  return below(trees.src, placeOf(args[0]))
}

/** The path of an argument within its tree. */
function placeOf(arg = ''): string {
  return arg.replace(/^\{\}\/(src|dst)\/?/, '')
}

/** The tree below `path`, as seen from there; a file is alone in it, under its own name. */
function below(tree: Tree, path: string): Tree {
  if (path === '') return tree
  const node = tree.get(path)
  if (node && node.kind !== 'dir') return new Map([[basename(path), node]])
  const inside = [...tree].filter(([each]) => each.startsWith(`${path}/`))
  return new Map(inside.map(([each, found]) => [each.slice(path.length + 1), found]))
}

/** What both sides have, and what the place of `--compare-dest` has of it. */
export interface Twins {
  readonly source: Node
  readonly dest: Node | undefined
  /** It is written in another way there. */
  readonly respelled: boolean
  readonly other: Node | undefined
}

/** Everything in the source, with what has its name elsewhere, in whatever spelling. */
export function twinsOf(one: Case): readonly Twins[] {
  const to = placeOf(one.args[1])
  const named = isOneFile(one) && one.command.endsWith('to')
  const there = below(one.trees.dst, named ? dirname(to).replace(/^\.$/, '') : to)
  const dest = spelledAlike(there)
  const other = spelledAlike(one.trees.other)
  return [...sourceOf(one)].map(([path, source]) => {
    const name = key(named ? basename(to) : path)
    const respelled = dest.has(name) && !there.has(named ? basename(to) : path)
    return { source, dest: dest.get(name), respelled, other: other.get(key(path)) ?? other.get(name) }
  })
}

function spelledAlike(tree: Tree): Tree {
  return new Map([...tree].map(([path, node]) => [key(path), node]))
}

function key(path: string): string {
  return path.normalize().toLowerCase()
}

/** A whole directory is moved to a place that is not there; a dry run does not look for that. */
export function movesAtOnce(one: Case): boolean {
  const to = placeOf(one.args[1])
  const { dst } = one.trees
  if (!moves(one) || filters(one) || isOneFile(one)) return false
  return has(one, '--dry-run') || (to === '' ? dst.size === 0 : !dst.has(to))
}

/** Whether sizes and ages let a node through; directories always. */
export function passesLimits(one: Case, node: Node): boolean {
  if (node.kind !== 'file') return true
  const { time, content } = node
  const size = Buffer.byteLength(content)
  const within = (name: string, test: (limit: number) => boolean): boolean => {
    const value = valueOf(one, name)
    return value === undefined || test(value.endsWith('b') ? Number.parseInt(value, 10) : Date.parse(value) / 1000)
  }
  return (
    within('--min-size', (limit) => size >= limit) &&
    within('--max-size', (limit) => size <= limit) &&
    within('--max-age', (limit) => time >= limit) &&
    within('--min-age', (limit) => time <= limit)
  )
}

/** Directories in which `--exclude-if-present` finds its marker; '' is the root. */
export function markedDirs(one: Case, tree: Tree): readonly string[] {
  const marker = valueOf(one, '--exclude-if-present')
  const paths = [...tree].filter(([path, { kind }]) => kind === 'file' && basename(path) === marker)
  return paths.map(([path]) => dirname(path).replace(/^\.$/, ''))
}
