import type { Context } from '../../core/context.ts'
import type { FileEntry } from '../../core/entry.ts'
import { messageOf, StorageError } from '../../core/errors.ts'
import type { HashType } from '../../core/hash.ts'
import { commonHash } from '../../core/hash.ts'
import { basename } from '../../core/path.ts'
import type { Location, Remote } from '../../core/remote.ts'
import { within } from '../../core/time.ts'
import { mapConcurrent } from '../../util/async.ts'
import type { Delete, Rename, Transfer } from '../action.ts'
import { asCheck } from '../../operations/as-check.ts'
import { windowOf } from '../compare.ts'

/** Recognises in the destination what was renamed in the source (rclone's surface §5.3, `--track-renames`). */
export interface Renames {
  /** Whether a transfer is to wait until it is known what the destination has too much. */
  holds(transfer: Transfer): boolean
  /** Which of the transfers that were held are renamings of what would be deleted. */
  find(held: readonly Transfer[], extras: readonly Delete[]): Promise<FoundRenames>
}

export interface FoundRenames {
  readonly renames: readonly Rename[]
  /** What has to be transferred all the same. */
  readonly transfers: readonly Transfer[]
  /** What is left to be deleted. */
  readonly extras: readonly Delete[]
}

interface Strategy {
  readonly hash: HashType | undefined
  readonly leaf: boolean
  /** Nanoseconds; undefined: times play no part. */
  readonly window: bigint | undefined
}

interface RenameOptions {
  /** 'hash', 'modtime', 'leaf', joined by commas. */
  readonly strategy: string
  readonly modifyWindow: bigint
  /** Files that only the destination has are deleted: those may have been renamed. */
  readonly deletes: boolean
}

/**
 * @returns undefined where the places cannot do it, which is logged
 * @throws StorageError 'invalid-argument' for a strategy that is none
 */
export function createRenames(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  o: RenameOptions,
): Renames | undefined {
  const strategy = strategyOf(ctx, { source, dest }, o)
  if (!strategy) return undefined
  const object = dest.remote.facts(dest.path).description
  return {
    holds: ({ dest: replaced, twin }) => replaced === undefined && twin === undefined,
    async find(held, extras) {
      ctx.log.log({ level: 'INFO', object, text: 'Making map for --track-renames' })
      const sizes = new Set(held.map(({ source: { size } }) => size))
      const candidates = extras.filter(({ dest: { size } }) => sizes.has(size))
      const sizesThere = new Set(candidates.map(({ dest: { size } }) => size))
      const map = await mapOf(ctx, candidates, ({ path, dest: entry }) =>
        asCheck(ctx, path, () => keyOf(ctx, dest.remote, { entry, name: basename(entry.path) }, strategy)),
      )
      ctx.log.log({ level: 'INFO', object, text: 'Finished making map for --track-renames' })
      const keys = await mapConcurrent(held, ctx.limits.checks.limit, async ({ source: entry, target }) =>
        sizesThere.has(entry.size)
          ? await keyOf(ctx, source.remote, { entry, name: basename(target) }, strategy)
          : undefined,
      )
      return match({ held, keys, extras }, map, strategy)
    },
  }
}

function strategyOf(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  o: RenameOptions,
): Strategy | undefined {
  if (o.strategy === '')
    throw new StorageError('invalid-argument', '--track-renames-strategy needs hash, modtime or leaf')
  const parts = new Set(o.strategy.split(','))
  for (const part of parts) {
    if (!['hash', 'modtime', 'leaf'].includes(part))
      throw new StorageError('invalid-argument', `unknown track renames strategy "${part}"`)
  }
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const hash = parts.has('hash') ? commonHash(from.hashes, to.hashes) : undefined
  const window = parts.has('modtime') ? windowOf(o.modifyWindow, from.timePrecision, to.timePrecision) : undefined
  const problem = !dest.remote.move
    ? 'the destination does not support server-side move or copy'
    : parts.has('hash') && !hash
      ? 'the source and destination do not have a common hash'
      : parts.has('modtime') && window === undefined
        ? 'either the source or destination do not support modtime'
        : o.deletes
          ? undefined
          : "it doesn't work with copy or move, only sync"
  if (problem === undefined) return { hash, leaf: parts.has('leaf'), window }
  ctx.log.log({ level: 'ERROR', object: to.description, text: `Ignoring --track-renames as ${problem}` })
  return undefined
}

/** What two files of one key have in common, but for their times; undefined where the hash cannot be had. */
async function keyOf(
  ctx: Context,
  remote: Remote,
  { entry, name }: { readonly entry: FileEntry; readonly name: string },
  { hash, leaf }: Strategy,
): Promise<string | undefined> {
  const parts = [String(entry.size)]
  if (leaf) parts.push(name)
  if (!hash) return parts.join('/')
  try {
    const { signal } = ctx
    const value =
      entry.hashes[hash] ?? (await ctx.limits.checks.run(async () => remote.hash?.(entry, hash, { signal }), signal))
    return value === undefined ? undefined : [...parts, value].join('/')
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.log({ level: 'DEBUG', object: entry.path, text: `No hash for --track-renames: ${messageOf(error)}` })
    return undefined
  }
}

async function mapOf(
  ctx: Context,
  extras: readonly Delete[],
  key: (extra: Delete) => Promise<string | undefined>,
): Promise<Map<string, Delete[]>> {
  const map = new Map<string, Delete[]>()
  const keys = await mapConcurrent(extras, ctx.limits.checks.limit, key)
  for (const [i, extra] of extras.entries()) {
    const found = keys[i]
    if (found === undefined) continue
    const same = map.get(found)
    if (same) same.push(extra)
    else map.set(found, [extra])
  }
  return map
}

function match(
  {
    held,
    keys,
    extras,
  }: {
    readonly held: readonly Transfer[]
    readonly keys: readonly (string | undefined)[]
    readonly extras: readonly Delete[]
  },
  map: Map<string, Delete[]>,
  { window }: Strategy,
): FoundRenames {
  const taken = new Set<Delete>()
  const renames: Rename[] = []
  const transfers: Transfer[] = []
  for (const [i, transfer] of held.entries()) {
    const key = keys[i]
    const candidates = key === undefined ? [] : (map.get(key) ?? [])
    const at = candidates.findIndex(
      ({ dest }) => window === undefined || within(dest.modified, transfer.source.modified, window),
    )
    const [extra] = at === -1 ? [] : candidates.splice(at, 1)
    if (extra) {
      taken.add(extra)
      renames.push(renameOf(transfer, extra))
    } else transfers.push(transfer)
  }
  return { renames, transfers, extras: extras.filter((extra) => !taken.has(extra)) }
}

function renameOf({ path, target, source }: Transfer, { path: from, dest }: Delete): Rename {
  return { kind: 'rename', path, target, from, dest, source, reason: 'moved' }
}
