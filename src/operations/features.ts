import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Facts } from '../core/facts.ts'

/** What a remote can do, in the shape and under the names of rclone's `backend features` (surface §1.5). */
export interface Features {
  readonly Name: string
  readonly Root: Path
  readonly String: string
  /** Nanoseconds. */
  readonly Precision: number
  readonly Hashes: readonly string[]
  readonly Features: Readonly<Record<string, boolean>>
  readonly MetadataInfo: { readonly System: Readonly<Record<string, MetadataInfo>>; readonly Help: string } | null
}

interface MetadataInfo {
  readonly Help: string
  readonly Type: string
  readonly Example: string
  readonly ReadOnly: boolean
}

/** rclone's number for "no times": a hundred years. */
const noTimes = 100 * 365 * 24 * 3600 * 1e9

export function featuresOf(remote: Remote, path: Path): Features {
  const facts = remote.facts(path)
  return {
    Name: remote.name,
    Root: facts.shown ?? path,
    String: facts.description,
    Precision: facts.timePrecision === undefined ? noTimes : Number(facts.timePrecision),
    Hashes: facts.hashes,
    Features: Object.fromEntries(Object.entries(abilities(remote, facts)).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    MetadataInfo: facts.metadata ? { System: metadataInfo(facts.metadata), Help: '' } : null,
  }
}

function abilities(remote: Remote, facts: Facts): Readonly<Record<string, boolean>> {
  const has = (member: keyof Remote): boolean => remote[member] !== undefined
  const readsMetadata = has('metadata')
  const setsDirMetadata = facts.dirMetadata === true && has('setMetadata')
  return {
    ...Object.fromEntries(foreign.map((name) => [name, false])),
    About: has('about'),
    CanHaveEmptyDirectories: facts.emptyDirs,
    CaseInsensitive: facts.caseInsensitive,
    CleanUp: has('cleanUp'),
    Command: has('command'),
    Copy: has('copy'),
    DirModTimeUpdatesOnWrite: facts.dirTimes && remote.type === 'local',
    DirMove: has('moveDir'),
    DirSetModTime: facts.dirTimes,
    IsLocal: remote.type === 'local',
    ListP: true,
    ListR: has('listAll'),
    MkdirMetadata: setsDirMetadata,
    Move: has('move'),
    OpenWriterAt: has('openParts'),
    PartialUploads: facts.partialUploads,
    PublicLink: has('links'),
    Purge: has('purge'),
    PutStream: true,
    ReadDirMetadata: facts.dirMetadata === true,
    ReadMetadata: readsMetadata,
    ReadMimeType: facts.metadata?.some(({ name }) => name === 'content-type') === true,
    Shutdown: has('close'),
    SlowHash: facts.slowHash,
    WriteDirMetadata: setsDirMetadata,
    UserDirMetadata: facts.userMetadata === true && setsDirMetadata,
    UserInfo: has('userInfo'),
    UserMetadata: facts.userMetadata === true,
    WriteDirSetModTime: facts.dirTimes,
    WriteMetadata: facts.metadata?.some((item) => !item.readOnly) === true,
  }
}

/** What rclone knows and no remote of fjord has. */
const foreign = [
  'BucketBased',
  'BucketBasedRootOK',
  'ChangeNotify',
  'ChunkWriterDoesntSeek',
  'DirCacheFlush',
  'Disconnect',
  'DoubleSlash',
  'DuplicateFiles',
  'FilterAware',
  'GetTier',
  'MergeDirs',
  'NoMultiThreading',
  'OpenChunkWriter',
  'Overlay',
  'PutUnchecked',
  'ServerSideAcrossConfigs',
  'SetTier',
  'SetWrapper',
  'SlowModTime',
  'UnWrap',
  'WrapFs',
  'WriteMimeType',
] as const

function metadataInfo(items: NonNullable<Facts['metadata']>): Readonly<Record<string, MetadataInfo>> {
  return Object.fromEntries(
    items.map(({ name, help, type, example, readOnly }) => [
      name,
      { Help: help, Type: type, Example: example, ReadOnly: readOnly },
    ]),
  )
}
