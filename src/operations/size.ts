import type { Context } from '../core/context.ts'
import type { Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import type { WalkOptions } from './walk.ts'

/** How much there is in a place. */
export interface PlaceSize {
  /** Files. */
  readonly count: number
  /** In all files whose size is known. */
  readonly bytes: number
  /** Files whose size is not known. */
  readonly sizeless: number
}

/** Counts the files of a place and their bytes. @throws StorageError as {@link findFiles} does */
export async function sizeOf(ctx: Context, place: Place, o: WalkOptions = {}): Promise<PlaceSize> {
  const sum = { count: 0, bytes: 0, sizeless: 0 }
  for await (const page of findFiles(ctx, place, o)) {
    for (const { entry } of page) {
      sum.count++
      sum.bytes += entry.size ?? 0
      if (entry.size === undefined) sum.sizeless++
    }
  }
  return sum
}
