import type { Invocation } from '../cli/command.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import { basename, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { ratesAt } from '../options/bw-timetable.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { GlobalOptions } from '../options/common.ts'
import { flagName } from '../options/names.ts'
import { option } from '../options/option.ts'
import { formatSize } from '../options/size-format.ts'
import { bool } from '../options/types.ts'
import { defaultParts } from '../sync/fetch-parts.ts'
import type { MultiThread, SyncOptions } from '../sync/options.ts'
import { createPace } from '../util/pace.ts'
import { gateOf } from './gate.ts'
import { metadataOptions } from './metadata.ts'
import type { Shrinking } from './min-source.ts'
import { watchSource } from './min-source.ts'
import { nameTransformOf } from './name-transform.ts'
import { openReports, reportOptions } from './reports.ts'
import type { Reports } from './reports.ts'

/** The options of copy, move and sync themselves (rclone's surface §1.4). */
export const treeOptions = {
  createEmptySrcDirs: option(bool, false, 'Also make directories that have nothing in them'),
  ...reportOptions,
}

/** The groups of flags that their help shows. */
export const treeGroups: readonly string[] = ['Important', 'Copy', 'Sync', 'Metadata', 'Filter', 'Listing']

/** The two places of a command, and what it was told. */
export interface TwoTrees {
  readonly source: Location & { readonly file?: string | undefined }
  readonly dest: Location & { readonly file?: string | undefined }
  readonly options: SyncOptions
}

type TreeInvocation = Invocation<typeof treeOptions>

/**
 * Opens what copy, move and sync work on, runs `work`, and finishes the reports.
 * @param o `named`: a source that is a file gets the whole destination as its new name (copyto, moveto)
 */
export async function onTwoTrees(
  invocation: TreeInvocation,
  o: { readonly named: boolean },
  work: (trees: TwoTrees) => Promise<void>,
): Promise<void> {
  const { args, open } = invocation
  checkFlags(invocation.global)
  await nameTransformOf(invocation) // refuses what means nothing before anything is opened
  // rclone looks at the filter for copyto and moveto alone
  const source = o.named ? await open.listed(args[0] ?? '') : await open.source(args[0] ?? '')
  const typed = args[1] ?? ''
  const dest = o.named ? await openNamed(invocation, typed, source) : await open.directory(typed)
  const reports = openReports(invocation)
  try {
    const shrinking = await watchSource(invocation, { source, dest })
    await work({ source, dest, options: await optionsOf(invocation, reports, shrinking) })
    shrinking?.succeeded()
    if (invocation.global.dryRun) await compareSpace(invocation, dest)
  } finally {
    await reports?.close()
  }
}

/** Whether what a dry run wants to transfer will fit. */
async function compareSpace({ runReport, ctx }: TreeInvocation, { remote, path }: Location): Promise<void> {
  if (!runReport) return
  try {
    const free = (await remote.about?.(path, { signal: ctx.signal }))?.free
    if (free === undefined) return
    runReport.space(free)
    const wanted = runReport.wanted()
    if (wanted <= free) return
    const text = `${formatSize(wanted)} are to be transferred, and there is room for ${formatSize(free)}`
    ctx.log.log({ level: 'NOTICE', object: remote.facts(path).description, text })
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.log({ level: 'DEBUG', text: `The free space is not known: ${messageOf(error)}` })
  }
}

/**
 * The destination of copyto and moveto: a file that is to be, split at its last `/`, where the source is one.
 * @throws StorageError 'config' where the name is missing, or a file is where a directory should go
 */
async function openNamed(
  { open, ctx }: TreeInvocation,
  typed: string,
  source: TwoTrees['source'],
): Promise<TwoTrees['dest']> {
  const { remote, path } = await open.location(typed)
  if (source.file === undefined) {
    const there = path === '' ? undefined : await remote.stat(path, { signal: ctx.signal })
    if (there?.kind !== 'file') return { remote, path }
    throw new StorageError('config', "Source doesn't exist or is a directory and destination is a file")
  }
  if (typed.endsWith('/') || path === '') throw new StorageError('config', `${goQuote(typed)} is a directory`)
  return { remote, path: parent(path), file: basename(path) }
}

async function optionsOf(
  invocation: TreeInvocation,
  reports: Reports | undefined,
  shrinking: Shrinking | undefined,
): Promise<SyncOptions> {
  const { global, options, filter, open } = invocation
  return {
    ...global,
    ...options,
    filter,
    nameTransform: await nameTransformOf(invocation),
    gate: gateOf(invocation),
    tempDir: global.tempDir || undefined,
    ...metadataOptions(global),
    backupDir: global.backupDir === '' ? undefined : await open.directory(global.backupDir),
    compareDest: await placesOf(invocation, 'compareDest'),
    copyDest: await placesOf(invocation, 'copyDest'),
    deleteMode: global.deleteBefore ? 'before' : global.deleteDuring ? 'during' : 'after',
    filePace: filePace(global),
    multiThread: multiThread(invocation),
    bufferSize: invocation.given.has('bufferSize') ? global.bufferSize : 0,
    used: invocation.used,
    onOutcome: reports?.listener,
    outcomesTaken: reports?.taken,
    checkSource: shrinking?.check,
  }
}

/** The directories of a flag. @throws StorageError 'fatal' where one is a file */
async function placesOf({ global, open, ctx }: TreeInvocation, key: 'compareDest' | 'copyDest'): Promise<Location[]> {
  const typed = global[key]
  const places = await Promise.all(typed.map((each) => open.location(each)))
  for (const { remote, path } of places) {
    if (path === '' || (await remote.stat(path, { signal: ctx.signal }))?.kind !== 'file') continue
    const flag = `--${flagName(key)} [${typed.map(goQuote).join(' ')}]`
    throw new StorageError('fatal', `failed to make fs for ${flag}: is a file not a directory`)
  }
  return places
}

function filePace({ bwlimitFile }: GlobalOptions): SyncOptions['filePace'] {
  const limited = bwlimitFile.kind === 'week' || bwlimitFile.rates.up > 0 || bwlimitFile.rates.down > 0
  return limited ? () => createPace((direction) => ratesAt(bwlimitFile, Date.now())[direction]) : undefined
}

/** Where neither of the two flags is set, what suits the remotes is taken. */
function multiThread({ global, given }: TreeInvocation): MultiThread {
  const { multiThreadCutoff: cutoff, multiThreadStreams: streams, multiThreadChunkSize: chunkSize } = global
  const isSet = given.has('multiThreadCutoff') || given.has('multiThreadStreams')
  return isSet ? { cutoff, streams, chunkSize } : { ...defaultParts, chunkSize }
}

/** What is wrong with flags before anything is opened, in rclone's words where it has some. @throws StorageError 'config' */
function checkFlags(global: GlobalOptions): void {
  const { length } = global.partialSuffix
  if (global.compareDest.length > 0 && global.copyDest.length > 0)
    throw badFlags("can't use --compare-dest with --copy-dest")
  if (length > 16) throw badFlags(`--partial-suffix: Expecting suffix length not greater than 16 but got ${length}`)
  if ([global.deleteBefore, global.deleteDuring, global.deleteAfter].filter(Boolean).length > 1)
    throw new StorageError('config', 'Only one of --delete-before, --delete-during or --delete-after can be used.')
  for (const name of ['maxDeletePercent', 'minSourcePercent'] as const)
    if (global[name] > 100) throw new StorageError('config', `--${flagName(name)} ${global[name]} is more than all`)
}

function badFlags(text: string): StorageError {
  return new StorageError('config', `Failed to initialise global options: failed to reload "main" options: ${text}`)
}
