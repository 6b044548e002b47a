import type { Naming } from './naming.ts'
import type { Revision, TreePath } from './tree.ts'
import type { AccountSettings } from './world.ts'

interface Content {
  readonly md5: string
  readonly size: number
  readonly created: number
  readonly modified: number
}

/**
 * Every way in which the state of the emulator changes. A change is plain data, carries its own time and random
 * values, and so gives the same state whenever it is replayed. Times are milliseconds since 1970.
 */
export type Change = AccountChange | TreeChange | UploadChange

/** Changes of account, port, login and devices. */
export type AccountChange =
  | { readonly op: 'format'; readonly version: number }
  | { readonly op: 'account'; readonly username: string; readonly secret: string }
  | { readonly op: 'port'; readonly port: number }
  | { readonly op: 'settings'; readonly settings: Partial<AccountSettings> }
  | { readonly op: 'naming'; readonly naming: Naming }
  | { readonly op: 'login'; readonly secret: string; readonly used?: true }
  | { readonly op: 'family'; readonly id: string; readonly client: string; readonly generation: number }
  | { readonly op: 'endFamily'; readonly id: string }
  | DeviceChange
  | { readonly op: 'removeDevice'; readonly name: string }

/** A device is made, or gets another type. */
export interface DeviceChange {
  readonly op: 'device'
  readonly name: string
  readonly type: string
  readonly sid: string
}

/** Changes of what lies in the mountpoints. */
export type TreeChange =
  | { readonly op: 'mkdir'; readonly path: TreePath; readonly at: number }
  | PutChange
  | { readonly op: 'trash'; readonly kind: 'file' | 'folder'; readonly path: TreePath; readonly at: number }
  | RemoveChange
  | MoveChange
  /** Everything that is trashed goes, or, with \`before\`, what was trashed at that time or earlier. */
  | { readonly op: 'purge'; readonly at: number; readonly before?: number; readonly remember?: true }
  | { readonly op: 'share'; readonly kind: 'file' | 'folder'; readonly path: TreePath; readonly uri?: string }
  | FolderDump
  | FileDump
  | { readonly op: 'number'; readonly path: TreePath; readonly next: number }

/** Known content becomes the content of a file: allocate, cphash and cp. */
export type PutChange = Content & {
  readonly op: 'put'
  readonly path: TreePath
  readonly uuid: string
  readonly at: number
  /** Always a new revision, even of the content that is there. */
  readonly revision?: true
  /** A trashed file stays trashed. */
  readonly staysTrashed?: true
  /** A trashed file gives way to a new one. */
  readonly anew?: true
}

/** An item goes for good. */
export interface RemoveChange {
  readonly op: 'remove'
  readonly kind: 'file' | 'folder'
  readonly path: TreePath
  readonly at: number
  /** The numbers of its files go on if they come back. */
  readonly remember?: true
}

/** A file or folder gets another parent, another name or both. */
export interface MoveChange {
  readonly op: 'move'
  readonly kind: 'file' | 'folder'
  readonly from: TreePath
  readonly to: TreePath
  readonly at: number
  /** The item takes the trashed one's place in the trash. */
  readonly staysTrashed?: true
  /** What lies in the folder that is replaced stays. */
  readonly merge?: true
  /** The older revisions of a file stay behind. */
  readonly currentOnly?: true
}

/** Changes of content and of unfinished uploads. */
export type UploadChange =
  | { readonly op: 'generated'; readonly md5: string; readonly size: number }
  | AllocateChange
  | { readonly op: 'retime'; readonly id: string; readonly created: number; readonly modified: number }
  | CompleteChange
  | { readonly op: 'corrupt'; readonly id: string; readonly at: number }
  | UploadDump

/** All bytes of an upload are there. */
export interface CompleteChange {
  readonly op: 'complete'
  readonly id: string
  readonly at: number
  /** If the file is trashed, it begins anew under this id. */
  readonly uuid?: string
}

/** An upload is announced. */
export type AllocateChange = Content & {
  readonly op: 'allocate'
  readonly id: string
  readonly path: TreePath
  readonly requested: string
  readonly uuid: string
  readonly at: number
}

/** A mountpoint or folder as it is, for snapshots. */
export interface FolderDump {
  readonly op: 'folder'
  readonly path: TreePath
  readonly deleted?: number | undefined
  readonly uri?: string | undefined
  readonly modified?: number | undefined
}

/** A file as it is, for snapshots. */
export interface FileDump {
  readonly op: 'file'
  readonly path: TreePath
  readonly uuid: string
  readonly next: number
  readonly revisions: readonly Revision[]
  readonly deleted?: number | undefined
  readonly uri?: string | undefined
}

/** An unfinished upload as it is, for snapshots. */
export interface UploadDump {
  readonly op: 'upload'
  readonly id: string
  readonly path: TreePath
  readonly requested: string
  readonly number: number
  readonly retry: boolean
}
