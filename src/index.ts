// The SDK: re-exports, nothing else. Remotes, the emulator and the conformance suite are subpaths: fjord/jottacloud …
export type { Context, Logger, LogLevel, LogRecord, RunEvent } from './core/context.ts'
export { silent } from './core/context.ts'
export { createContext } from './core/create-context.ts'
export type { DirEntry, Entry, FileEntry } from './core/entry.ts'
export type { HttpSettings, RemoteEnv } from './core/env.ts'
export type { ErrorCode, ErrorDetails, RetryClass } from './core/errors.ts'
export { isStorageError, StorageError } from './core/errors.ts'
export type { Hashes, HashType } from './core/hash.ts'
export type { FindMetadata, Metadata, MetadataItem } from './core/metadata.ts'
export type { Path } from './core/path.ts'
export { basename, comparePaths, join, normalise, parent } from './core/path.ts'
export type {
  LinkOptions,
  Links,
  Location,
  OpenOptions,
  Reader,
  Remote,
  RemoveOptions,
  Usage,
  WriteOptions,
} from './core/remote.ts'
export type { Facts, Identity } from './core/facts.ts'
export type { Source } from './core/source.ts'
export { sourceOf } from './core/source-of.ts'
export { sourceFromBytes, withHashing } from './core/source.ts'
export type { ByteStream, CallOptions, Range } from './core/stream.ts'
export { collect } from './core/stream.ts'
export type { Time } from './core/time.ts'
export { formatRfc3339, parseRfc3339, timeFrom, toDate } from './core/time.ts'
export type { Token, TokenStore } from './core/token.ts'
export { tokensSavedWith } from './core/token.ts'
export type { Decisions } from './core/wrap.ts'
export { wrap } from './core/wrap.ts'
export type { Option, OptionSpecs, OptionType, ValuesOf } from './options/option.ts'
export { option } from './options/option.ts'
export type { RemoteDefinition } from './options/remote-definition.ts'
export { withLayers } from './layers/index.ts'
export { loadFilter } from './filter/load.ts'
export type { Filter } from './filter/filter.ts'
export { filterOptions } from './options/common/filter.ts'
export { checksum } from './operations/checksum.ts'
export { hashsum } from './operations/hashsum.ts'
export { rcat } from './operations/rcat.ts'
export { sizeOf } from './operations/size.ts'
export { touch } from './operations/touch.ts'
export { walk } from './operations/walk.ts'
export { check } from './sync/check.ts'
export { copyDir, copyFile } from './sync/copy.ts'
export { moveDir, moveFile } from './sync/move.ts'
export type { CopyOptions, MoveOptions, RenameOptions, SyncOptions } from './sync/options.ts'
export { renameDir, renameFile } from './sync/rename.ts'
export { syncDir } from './sync/sync.ts'
export type { NameTransform } from './transform/name-transform.ts'
export { loadNameTransform } from './transform/name-transform.ts'
