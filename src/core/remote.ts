import type { Entry, FileEntry } from './entry.ts'
import type { StorageError } from './errors.ts'
import type { HashType } from './hash.ts'
import type { FindMetadata, Metadata } from './metadata.ts'
import type { Path } from './path.ts'
import type { Part } from './remembered.ts'
import type { CommandWords } from './remote-command.ts'
import type { Source } from './source.ts'
import type { ByteStream, CallOptions, Range } from './stream.ts'
import type { Time } from './time.ts'
import type { Facts, Identity } from './facts.ts'

export interface OpenOptions extends CallOptions {
  /** Another revision than the current one. */
  readonly revision?: string
  /** What the caller has seen: reading fails with 'changed' where it is no longer there. */
  readonly expect?: FileEntry
  /** Hold a read of the whole against the hash of the entry, where the remote knows it. Default true; false where the caller does it. */
  readonly verify?: boolean
}

/** An open file: every stream is of the one revision in `entry`. */
export interface Reader extends AsyncDisposable {
  readonly entry: FileEntry
  stream(range?: Range, options?: CallOptions): ByteStream
}

/** How a place that shows no half-written files keeps them until they are whole. */
export interface PartialNaming {
  /** Under their own name all the same: `--inplace`. */
  readonly inPlace?: boolean | undefined
  /** How their names end; default '.partial'. */
  readonly suffix?: string | undefined
  /** The directory that a run is about; default: that of the file. The same file has the same temporary name in every such run. */
  readonly root?: Path | undefined
}

export interface WriteOptions extends CallOptions {
  /** Creation time, where it is to differ from the time of modification. */
  readonly created?: Time | undefined
  /** What goes before the times of the source and `created`; items that the place does not take are left aside. */
  readonly metadata?: Metadata | FindMetadata | undefined
  /** Called with how many bytes of the file are on the other side: never falling, at the end the size. */
  readonly onProgress?: ((position: number) => void) | undefined
  /** Told to places with `Facts.partialUploads`. */
  readonly partial?: PartialNaming | undefined
  /** The bytes are safe from a power cut before the write resolves: for callers that delete the source next. */
  readonly durable?: boolean | undefined
}

export interface HashOptions extends CallOptions {
  /** A hash that was found earlier will do, where nothing shows that the file has changed since. Never for what others are to rely on. */
  readonly remembered?: boolean | undefined
}

/** A file that is being written in parts, in any order and several at once. */
export interface PartsWriter extends AsyncDisposable {
  /** What an earlier run has left, in order and without overlaps. */
  readonly have: readonly Part[]
  /** Writes at `at`, bytes from the beginning. */
  write(at: number, chunks: readonly Uint8Array[]): Promise<void>
  /** What lies in `part` is whole: it is remembered for a later run. */
  keep(part: Part): Promise<void>
  /**
   * All is written: reads it once more and makes it the file. Disposed of without, the parts that were kept stay for a later
   * run, if they are remembered at all.
   * @throws StorageError 'corrupt' where it has not the hash that was promised; then nothing stays
   */
  commit(): Promise<FileEntry>
  /** Takes away what was written. @param why for the log */
  discard(why: unknown): void
}

export interface ListOptions extends CallOptions {
  /**
   * Told of each single entry that could not be looked at (a broken link that is to be followed): the listing goes on, and
   * is not complete. Without it the first such error is thrown after the last page.
   */
  readonly onError?: ((error: StorageError) => void) | undefined
  /** Whether what is at a path is wanted, where it is no directory: what is not may be left out without a word in the log. */
  readonly wanted?: ((path: Path) => boolean) | undefined
}

export interface RemoveOptions extends CallOptions {
  /** A person asked for this file to be removed: it is no consequence of what another side lacks. */
  readonly requested?: boolean | undefined
  /** What the caller has seen: 'changed' where it is plainly another file by now. */
  readonly expect?: FileEntry | undefined
}

export interface StatOptions extends CallOptions {
  /** Give symbolic links too that the settings leave out, each as a file with `bareLink`. */
  readonly bareLinks?: boolean | undefined
  /** Told of what stands there and cannot be looked at (a broken link that is to be followed), as in a listing. */
  readonly onError?: ListOptions['onError']
}

export interface MoveCallOptions extends CallOptions {
  /** What is moved is a link that the settings leave out. */
  readonly bareLink?: boolean | undefined
  /** Only to a name that nothing has, or that is the file's own in another spelling. */
  readonly replaceNothing?: boolean | undefined
}

export interface LinkOptions extends CallOptions {
  /** Milliseconds that the link is to last; undefined is for ever. */
  readonly expire?: number | undefined
}

/** Links by which anybody can fetch a file or directory. */
export interface Links {
  /** The link of `path`, made where there is none yet. @throws StorageError 'not-found', 'unsupported' for an expiry that cannot be kept */
  create(path: Path, options?: LinkOptions): Promise<string>
  /** Ends the link of `path`; fine where there is none. @throws StorageError 'not-found' */
  remove(path: Path, options?: CallOptions): Promise<void>
}

/** Space of the account or disk, in bytes; what is not known is absent. */
export interface Usage {
  readonly total?: number | undefined
  readonly used?: number | undefined
  readonly free?: number | undefined
  readonly trashed?: number | undefined
  readonly other?: number | undefined
  readonly objects?: number | undefined
}

/**
 * An account or a disk. Entries are plain data and remotes act on paths. Absence is not an error: `stat` answers
 * undefined. Optional members are there exactly where the remote does the thing natively.
 *
 * For every member: the root '' is a directory that always exists; a path with an empty, '.' or '..' part is
 * 'invalid-name', as is a name that the place cannot keep; a file where a directory of the path should be is 'not-dir'
 * when something is to be made there, and absence otherwise. Where case is ignored a path is found in any case and
 * entries show the stored one. An abort rejects with the signal's reason and leaves nothing half done. Errors carry the
 * path in `details.path`. `src/testing/conformance` checks all this.
 */
export interface Remote {
  readonly name: string
  readonly type: string
  facts(path: Path): Facts
  identity(path: Path): Identity
  /**
   * One level, in pages, in any order.
   * @throws StorageError 'dir-not-found', also where `dir` is a file; 'not-dir' where it is a link to one
   */
  list(dir: Path, options?: ListOptions): AsyncIterable<readonly Entry[]>
  stat(path: Path, options?: StatOptions): Promise<Entry | undefined>
  /** @throws StorageError 'not-found', 'is-dir', 'changed'; 'gone', also from the streams, for a file of `expect` that is not to be had */
  open(path: Path, options?: OpenOptions): Promise<Reader>
  /**
   * All of `source` under `path`, or nothing: parents are made, a file of that name is replaced. What passes is held against a
   * hash in `source.known`.
   * @throws StorageError 'is-dir' where a directory has the name, 'changed', 'corrupt', 'quota' …
   */
  write(path: Path, source: Source, options?: WriteOptions): Promise<FileEntry>
  /**
   * Writes `path` in parts, goes on where an earlier run was stopped, and shows it when it is whole. Needs a source of known
   * size and with a known hash, by which the whole is checked in the end.
   * @returns undefined where that cannot be done now, such as while another process is at it
   */
  openParts?(path: Path, source: Source, options?: WriteOptions): Promise<PartsWriter | undefined>
  /** @throws StorageError 'not-found', 'is-dir', 'changed' */
  remove(path: Path, options?: RemoveOptions): Promise<void>
  /** Makes the directory and its parents; fine if it exists. @throws StorageError 'exists' where a file has the name */
  mkdir(dir: Path, options?: CallOptions): Promise<void>
  /** Removes an empty directory. @throws StorageError 'not-empty', 'dir-not-found' (also where `dir` is a file) */
  rmdir(dir: Path, options?: CallOptions): Promise<void>

  /** Everything below `dir`, in any order, directories included, `dir` not. @throws StorageError 'dir-not-found' */
  listAll?(dir: Path, options?: ListOptions): AsyncIterable<readonly Entry[]>
  /**
   * A second file of the same content and times: parents are made, a file of that name is replaced.
   * @throws StorageError 'not-found', 'is-dir' where either path is a directory
   */
  copy?(from: Path, to: Path, options?: CallOptions): Promise<FileEntry>
  /**
   * Renames a file: parents are made, a file of that name is replaced. A change of case only is a change.
   * @throws StorageError 'not-found', 'is-dir' where either path is a directory, 'unsupported' where only a copy can do it;
   * 'exists' where nothing is to be replaced and something has the new name
   */
  move?(from: Path, to: Path, options?: MoveCallOptions): Promise<FileEntry>
  /**
   * Renames a directory with all in it; parents are made.
   * @throws StorageError 'dir-not-found', 'exists' where anything has the new name, 'invalid-argument' for a place inside
   * itself, 'unsupported' where only a copy can do it
   */
  moveDir?(from: Path, to: Path, options?: CallOptions): Promise<void>
  /** Removes `dir` and all below it in one call; of the root, all below it. @throws StorageError 'dir-not-found' */
  purge?(dir: Path, options?: CallOptions): Promise<void>
  /** Sets the times of a file or directory without sending its content. @throws StorageError 'not-found' */
  setTimes?(
    entry: Entry,
    times: { readonly modified: Time; readonly created?: Time },
    options?: CallOptions,
  ): Promise<void>
  /** A hash that the listing did not bring; undefined where the remote has none for this file. */
  hash?(entry: FileEntry, type: HashType, options?: HashOptions): Promise<string | undefined>
  /** Why `path` cannot be the name of anything here, as far as can be known without asking; undefined where it may. */
  nameProblem?(path: Path): string | undefined
  /** What the remote keeps beside the content; {} where that is nothing. @throws StorageError 'not-found' */
  metadata?(entry: Entry, options?: CallOptions): Promise<Metadata>
  /**
   * Sets metadata of a file or directory without sending its content; items that the place does not take, and values that make
   * no sense, are left aside.
   * @throws StorageError 'not-found', 'unsupported' for a directory where directories have none
   */
  setMetadata?(entry: Entry, metadata: Metadata, options?: CallOptions): Promise<void>
  /** The space where `path` lies: a disk may be made of several. @throws StorageError 'dir-not-found' */
  about?(path: Path, options?: CallOptions): Promise<Usage>
  /** Who the account belongs to: texts by their name, such as Email; what is not known is ''. */
  userInfo?(options?: CallOptions): Promise<Readonly<Record<string, string>>>
  /** Empties the trash of the whole account. */
  cleanUp?(options?: CallOptions): Promise<void>
  readonly links?: Links
  /**
   * Does what only this kind of remote can, under a name of its own.
   * @returns lines of text, or anything that JSON can hold; undefined where there is nothing to say
   * @throws StorageError 'unsupported' for a command that there is not
   */
  command?(name: string, given: CommandWords, options?: CallOptions): Promise<unknown>
  close?(): Promise<void>
}

/** A place on a remote. */
export interface Location {
  readonly remote: Remote
  readonly path: Path
}
