import { StorageError } from '../core/errors.ts'
import { comparePaths } from '../core/path.ts'
import type { LaneOrder } from '../util/lane.ts'
import type { Transfer } from './action.ts'

const comparisons: Readonly<Record<string, (a: Transfer, b: Transfer) => number>> = {
  name: (a, b) => comparePaths(a.path, b.path),
  size: (a, b) => (a.source.size ?? -1) - (b.source.size ?? -1),
  modtime: (a, b) => (a.source.modified < b.source.modified ? -1 : a.source.modified > b.source.modified ? 1 : 0),
}

/**
 * Reads `--order-by` (rclone's surface §5.5).
 * @param workers how many transfers run at once; 'mixed' has a part of them begin at the other end
 * @throws StorageError 'fatal' for a comparison or direction that is none
 */
export function parseOrder(text: string, workers: number): LaneOrder<Transfer> | undefined {
  if (text === '') return undefined
  const [name = '', direction = 'asc', fraction] = text.split(',').map((part) => part.trim().toLowerCase())
  const compare = comparisons[name]
  if (!compare) throw new StorageError('fatal', `unknown --order-by comparison "${name}"`)
  switch (direction) {
    case 'asc':
    case 'ascending':
      return { compare, backwards: 0 }
    case 'desc':
    case 'descending':
      return { compare, backwards: workers }
    case 'mixed':
      return { compare, backwards: workers - Math.floor((workers * percent(fraction)) / 100) }
    default:
      throw new StorageError('fatal', `unknown --order-by sort direction "${direction}"`)
  }
}

function percent(text: string | undefined): number {
  const value = text === undefined ? 50 : Number(text)
  if (!(value >= 0 && value <= 100)) throw new StorageError('fatal', `bad mixed fraction --order-by "${text}"`)
  return value
}
