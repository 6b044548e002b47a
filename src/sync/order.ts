import { messageOf, StorageError } from '../core/errors.ts'
import { comparePaths } from '../core/path.ts'
import type { Path } from '../core/path.ts'
import type { Matches } from '../filter/expression.ts'
import { compileExpression } from '../filter/expression.ts'
import { globExpression } from '../filter/glob.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { LaneOrder } from '../util/lane.ts'
import type { Transfer } from './action.ts'

type Comparison = (a: Transfer, b: Transfer) => number

const comparisons: Readonly<Record<string, Comparison>> = {
  name: (a, b) => comparePaths(a.path, b.path),
  size: (a, b) => (a.source.size ?? -1) - (b.source.size ?? -1),
  modtime: (a, b) => (a.source.modified < b.source.modified ? -1 : a.source.modified > b.source.modified ? 1 : 0),
}

/**
 * Reads `--order-by` (rclone's surface §5.5).
 * @param workers how many transfers run at once; 'mixed' has a part of them begin at the other end
 * @throws StorageError 'fatal' for an order that is none
 */
export async function parseOrder(text: string, workers: number): Promise<LaneOrder<Transfer> | undefined> {
  if (text === '') return undefined
  const [name = '', ...rest] = text.split(',')
  if (name.toLowerCase() === 'pattern') return { compare: await byPatterns(rest), backwards: 0 }
  const compare = comparisons[name.toLowerCase()]
  if (!compare) throw bad(`unknown --order-by comparison ${goQuote(name)}`)
  const [direction = 'asc', ...more] = rest
  const mixed = direction.toLowerCase() === 'mixed'
  const backwards = mixed ? fromTheEnd(workers, more[0] ?? '50') : isDescending(direction) ? workers : 0
  if (more.length > (mixed ? 1 : 0)) throw bad(`bad --order-by string ${goQuote(text)}`)
  return { compare, backwards }
}

/** The first pattern that matches decides, then the path; what matches none comes last. */
async function byPatterns(globs: readonly string[]): Promise<Comparison> {
  if (globs.length === 0) throw bad('pattern requires at least one glob')
  const patterns: Matches[] = []
  for (const glob of globs) patterns.push(await pattern(glob))
  const rank = (path: Path): number => {
    const first = patterns.findIndex((matches) => matches(path))
    return first === -1 ? patterns.length : first
  }
  return (a, b) => rank(a.path) - rank(b.path) || comparePaths(a.path, b.path)
}

async function pattern(glob: string): Promise<Matches> {
  if (glob === '') throw bad('empty pattern glob')
  try {
    return await compileExpression(globExpression(glob))
  } catch (error) {
    throw bad(`bad pattern glob ${goQuote(glob)}: ${messageOf(error)}`)
  }
}

function isDescending(direction: string): boolean {
  const known = direction.toLowerCase()
  if (known === 'asc' || known === 'ascending') return false
  if (known === 'desc' || known === 'descending') return true
  throw bad(`unknown --order-by sort direction ${goQuote(direction)}`)
}

/** Worker i of n takes from the front while 100 i / n, rounded down, is below the number. */
function fromTheEnd(workers: number, text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw bad(`bad mixed fraction --order-by ${goQuote(text)}`)
  const percent = Number(text)
  if (percent < 0) return 0
  return Math.max(0, workers - Math.ceil((percent * workers) / 100))
}

function bad(text: string): StorageError {
  return new StorageError('fatal', text)
}
