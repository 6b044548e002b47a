import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import { relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { formatRfc3339 } from '../core/time.ts'
import type { Step } from '../operations/gate.ts'
import type { Change, MakeDir, SetDirTime, Transfer } from './action.ts'
import type { TransferFile } from './transfer.ts'

/** Where changes are made, and how files get there. */
export interface Stage {
  readonly dest: Location
  readonly transfer: TransferFile
}

/** How rclone calls a change under --dry-run, and what stands in front of its error (rclone's surface §5.6). */
const words: Readonly<Record<Change['kind'], { readonly action: string; readonly failure: string }>> = {
  transfer: { action: 'copy', failure: 'Failed to copy' },
  'set-time': { action: 'update modification time', failure: 'Failed to set modification time' },
  'make-dir': { action: 'make directory', failure: 'Failed to make directory' },
  'set-dir-time': {
    action: 'set directory modification time',
    failure: 'Failed to update directory timestamp or metadata',
  },
}

/** What the gate is asked about a change. */
export function stepOf(change: Change): Step {
  return { action: words[change.kind].action, object: change.path, size: sizeOf(change) }
}

function sizeOf(change: Change): number | undefined {
  if (change.kind === 'make-dir') return undefined
  return change.kind === 'set-dir-time' ? change.dest?.size : change.source.size
}

/** What the log says in front of the error when a change fails. */
export function failureWords({ kind }: Change): string {
  return words[kind].failure
}

/** Carries out one change, with rclone's line for it (rclone's surface §5.2, §5.5). @throws what the remotes throw */
export async function perform(ctx: Context, stage: Stage, change: Change): Promise<void> {
  const text = await performChange(ctx, stage, change)
  const size = change.kind === 'transfer' ? change.source.size : undefined
  ctx.log.log({ level: 'INFO', object: change.path, text, size })
}

async function performChange(ctx: Context, stage: Stage, change: Change): Promise<string> {
  const { remote } = stage.dest
  if (change.kind === 'transfer') {
    await stage.transfer(change)
    return copiedText(change, stage.dest)
  }
  if (change.kind === 'set-time') {
    await setTime(ctx, stage, { entry: change.dest, modified: change.source.modified })
    return 'Updated modification time in destination'
  }
  if (change.kind === 'make-dir') {
    await remote.mkdir(change.target, { signal: ctx.signal })
    return madeText(change, remote.facts(change.target).dirTimes)
  }
  const entry = change.dest ?? ({ kind: 'dir', path: change.target } as const)
  await setTime(ctx, stage, { entry, modified: change.modified })
  return dirTimeText(change)
}

async function setTime(
  ctx: Context,
  { dest: { remote } }: Stage,
  { entry, modified }: { readonly entry: Entry; readonly modified: Time },
): Promise<void> {
  if (!remote.setTimes) throw new StorageError('unsupported', `${remote.name} cannot set times`)
  await remote.setTimes(entry, { modified }, { signal: ctx.signal })
}

function copiedText({ path, target, dest }: Transfer, { path: root }: Location): string {
  const shown = relative(target, root)
  const to = shown === path ? '' : ` to: ${shown}`
  return `${dest ? 'Copied (replaced existing)' : 'Copied (new)'}${to}`
}

/** The time is set when all else is done; the line speaks of it as rclone's does. */
function madeText({ source }: MakeDir, dirTimes: boolean): string {
  if (!dirTimes || source.modified === undefined) return 'Making directory'
  const time = formatRfc3339(source.modified, 9).replace(/0+Z$/, 'Z').replace('.Z', 'Z')
  return `Made directory with metadata (mtime=${time})`
}

function dirTimeText({ dest, made }: SetDirTime): string {
  return `Set directory modification time (using ${dest || made ? 'SetModTime' : 'DirSetModTime'})`
}
