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

/** What the gate is asked about a change (rclone's surface §5.6). */
export function stepOf(change: Change): Step {
  const object = change.path
  switch (change.kind) {
    case 'transfer':
      return { action: 'copy', object, size: change.source.size }
    case 'set-time':
      return { action: 'update modification time', object, size: change.source.size }
    case 'make-dir':
      return { action: 'make directory', object }
    case 'set-dir-time':
      return { action: 'set directory modification time', object, size: change.dest?.size }
  }
}

/** What the log says in front of the error when a change of this kind fails. */
export const failureWords: Readonly<Record<Change['kind'], string>> = {
  transfer: 'Failed to copy',
  'set-time': 'Failed to set modification time',
  'make-dir': 'Failed to make directory',
  'set-dir-time': 'Failed to update directory timestamp or metadata',
}

/** Carries out one change, with rclone's line for it (rclone's surface §5.2, §5.5). @throws what the remotes throw */
export async function perform(ctx: Context, stage: Stage, change: Change): Promise<void> {
  const text = await performChange(ctx, stage, change)
  const size = change.kind === 'transfer' ? change.source.size : undefined
  ctx.log.log({ level: 'INFO', object: change.path, text, size })
}

async function performChange(ctx: Context, stage: Stage, change: Change): Promise<string> {
  const { remote } = stage.dest
  switch (change.kind) {
    case 'transfer':
      await stage.transfer(change)
      return copiedText(change, stage.dest)
    case 'set-time':
      await setTime(ctx, stage, { entry: change.dest, modified: change.source.modified })
      return 'Updated modification time in destination'
    case 'make-dir':
      await remote.mkdir(change.target, { signal: ctx.signal })
      return madeText(change, remote.facts(change.target).dirTimes)
    case 'set-dir-time':
      await setTime(ctx, stage, {
        entry: change.dest ?? { kind: 'dir', path: change.target },
        modified: change.modified,
      })
      return dirTimeText(change)
  }
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
