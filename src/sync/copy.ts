import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { createFailures } from '../operations/failures.ts'
import { openGate } from '../operations/gate.ts'
import { listOne } from '../operations/list-one.ts'
import { createCompare } from './compare.ts'
import type { Executed } from './execute.ts'
import { execute } from './execute.ts'
import { judge } from './judge.ts'
import { march } from './march.ts'
import type { CopyOptions } from './options.ts'
import type { FilePair, Pair } from './pair.ts'
import { copyPolicy } from './policies/copy.ts'
import type { DirTimes } from './policies/dir-times.ts'
import { createDirTimes, noDirTimes } from './policies/dir-times.ts'
import { createTransfer } from './transfer.ts'

const defaultBacklog = 10_000

/**
 * Copies what is missing or different below `source` into `dest`; nothing is deleted. A file that fails is logged and
 * reported, and the others go on. A destination that is missing is made when something is put into it.
 * @throws StorageError the last of the errors that were reported; 'dir-not-found' where the source is missing
 */
export async function copyDir(ctx: Context, source: Location, dest: Location, o: CopyOptions = {}): Promise<void> {
  if (samePlace(source, dest)) {
    const text = 'Nothing to do as source and destination are the same'
    ctx.log.log({ level: 'ERROR', object: dest.remote.facts(dest.path).description, text })
    return
  }
  const failures = createFailures(ctx)
  const pairs = march(ctx, source, dest, { ...o, failures })
  const { transfers } = await copyPairs(ctx, pairs, { ...o, source, dest, failures, dirTimes: dirTimesFor(dest, o) })
  if (transfers === 0) ctx.log.log({ level: 'INFO', text: 'There was nothing to transfer' })
}

/**
 * Copies one file into the directory `dest`, under its own name or another, where it is missing or different there.
 * @param source `file`: its name in the directory `path`
 * @param dest `file`: the name there, where it is not the source's
 * @throws StorageError 'not-found' where there is no such file; 'is-dir' where a directory has the name
 */
export async function copyFile(
  ctx: Context,
  source: Location & { readonly file: string },
  dest: Location & { readonly file?: string | undefined },
  o: CopyOptions = {},
): Promise<void> {
  const from = { remote: source.remote, path: join(source.path, source.file) }
  const to = { remote: dest.remote, path: join(dest.path, dest.file ?? source.file) }
  if (samePlace(from, to)) return
  const failures = createFailures(ctx)
  const pairs = lookAtFile(ctx, from, to, { name: source.file, noCheckDest: o.noCheckDest === true })
  await copyPairs(ctx, pairs, { ...o, source, dest, failures, dirTimes: noDirTimes })
}

async function copyPairs(
  ctx: Context,
  pairs: AsyncIterable<readonly Pair[]>,
  o: CopyOptions & {
    readonly source: Location
    readonly dest: Location
    readonly failures: ReturnType<typeof createFailures>
    readonly dirTimes: DirTimes
  },
): Promise<Executed> {
  const { source, dest, failures } = o
  const judged = judge(ctx, pairs, { compare: createCompare(ctx, source, dest, o), failures })
  const actions = copyPolicy(judged, {
    createEmptySrcDirs: o.createEmptySrcDirs === true,
    noUpdateModtime: o.noUpdateModtime === true,
    dirTimes: o.dirTimes,
  })
  const transfer = createTransfer(ctx, source, dest, { ignoreChecksum: o.ignoreChecksum === true })
  const executed = await execute(ctx, actions, {
    stage: { dest, transfer },
    gate: o.gate ?? openGate,
    failures,
    backlog: o.maxBacklog ?? defaultBacklog,
  })
  if (failures.count > 0) throw failures.last
  return executed
}

/** One place under whatever name. */
function samePlace(a: Location, b: Location): boolean {
  const [x, y] = [a.remote.identity(a.path), b.remote.identity(b.path)]
  return x.account === y.account && x.path === y.path
}

function dirTimesFor({ remote, path }: Location, o: CopyOptions): DirTimes {
  const wanted = remote.facts(path).dirTimes && remote.setTimes !== undefined && !o.noUpdateDirModtime
  return wanted ? createDirTimes({ createEmptySrcDirs: o.createEmptySrcDirs === true }) : noDirTimes
}

async function* lookAtFile(
  ctx: Context,
  from: Location,
  to: Location,
  o: { readonly name: string; readonly noCheckDest: boolean },
): AsyncGenerator<readonly [FilePair]> {
  const [source, dest] = await Promise.all([listOne(ctx, from), o.noCheckDest ? undefined : listOne(ctx, to)])
  if (!source) throw new StorageError('not-found', 'object not found', { details: { path: from.path } })
  if (source.kind === 'dir' || dest?.kind === 'dir') {
    const path = source.kind === 'dir' ? from.path : to.path
    throw new StorageError('is-dir', 'is a directory not a file', { details: { path } })
  }
  yield [{ kind: 'file', path: o.name, target: dest?.path ?? to.path, source, dest }]
}
