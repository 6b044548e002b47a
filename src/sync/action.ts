import type { DirEntry, FileEntry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Time } from '../core/time.ts'

interface Aimed {
  /** As seen from both locations. */
  readonly path: Path
  /** The whole path on the destination's remote. */
  readonly target: Path
}

/** A file somewhere. */
export interface FileAt {
  readonly remote: Remote
  readonly entry: FileEntry
}

/** The file's content goes to the destination. */
export interface Transfer extends Aimed {
  readonly kind: 'transfer'
  readonly source: FileEntry
  /** What it replaces. */
  readonly dest: FileEntry | undefined
  /** `target` in the spelling that it gets where nothing stands there any more. */
  readonly spelled?: Path | undefined
  /** The path that `dest` is to have first, where only its upper and lower case is wrong (`--fix-case`). */
  readonly respell?: Path | undefined
  /** The same content on the destination's own server, found by `--copy-dest`. */
  readonly twin?: FileAt | undefined
  /** The source stays, in a move too. */
  readonly keepSource?: boolean | undefined
}

/** The content is there; its time is set. */
export interface SetTime extends Aimed {
  readonly kind: 'set-time'
  readonly source: FileEntry
  readonly dest: FileEntry
  /** As for a transfer. */
  readonly respell?: Path | undefined
  /** The source is deleted when it is done: the end of a move. */
  readonly thenDeleteSource: boolean
}

/** What the source of a move still has and the destination has too. */
export interface DeleteSource {
  readonly kind: 'delete-source'
  readonly path: Path
  readonly source: FileEntry
  /** What stands for it at the destination. */
  readonly dest: FileEntry
}

/** A file of the destination that the source lacks goes, or into the backup directory. */
export interface Delete extends Aimed {
  readonly kind: 'delete'
  readonly dest: FileEntry
}

/** A file of the destination gets another name: that of the source. */
export interface Rename extends Aimed {
  readonly kind: 'rename'
  /** The old name as seen from the destination. */
  readonly from: Path
  readonly dest: FileEntry
  readonly source: FileEntry
  readonly reason: 'moved' | 'case'
  /** Of a move: the destination has what the source has. */
  readonly thenDeleteSource?: boolean
}

/** A directory of the destination gets the source's upper and lower case. */
export interface RenameDir extends Aimed {
  readonly kind: 'rename-dir'
  readonly from: Path
  readonly dest: DirEntry
}

export interface MakeDir extends Aimed {
  readonly kind: 'make-dir'
  readonly source: DirEntry
}

/** A directory gets its source's time, or under `--metadata` all that the source keeps of it. */
export interface SetDirTime extends Aimed {
  readonly kind: 'set-dir-time'
  /** The directory on the source's remote. */
  readonly from: Path
  readonly modified: Time
  /** Before its contents come; done before anything that follows. */
  readonly early: boolean
  /** What the log speaks of, as rclone's does, which sets the time alone at first, and forgets what renames and deletions change. */
  readonly told: 'time' | 'metadata' | 'nothing'
  /** It was there before the run, or was made by an action of its own: not on the way to a file. */
  readonly known: boolean
  /** What the file system said of it before the run. */
  readonly size: number | undefined
}

/** A directory goes if it is empty. */
export interface RemoveDir {
  readonly kind: 'remove-dir'
  readonly side: 'source' | 'dest'
  readonly path: Path
  /** The whole path on that side's remote. */
  readonly dir: Path
}

/** Everything before it is done before anything after it starts, and before the policy is asked on. */
export interface Settle {
  readonly kind: 'settle'
}

/** A change that is carried out. */
export type Change = Transfer | SetTime | DeleteSource | Delete | Rename | RenameDir | MakeDir | SetDirTime | RemoveDir

/** What a policy wants done, in its order; changes between two 'settle' run at once. */
export type Action = Change | Settle
