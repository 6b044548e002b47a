import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent } from '../core/path.ts'
import type { Time } from '../core/time.ts'
import { shownPath, typedPath } from '../options/standard-names.ts'
import { dumpLines } from './dump.ts'
import type { ListedFiles } from './files-from.ts'
import type { InPartition } from './hash-partition.ts'
import { asGoReads } from './invalid-bytes.ts'
import type { Limits } from './limits.ts'
import { isLimited, withinLimits } from './limits.ts'
import type { PathRules } from './path-rules.ts'
import type { Rules } from './rules.ts'

/** What a filter judges a file by. */
export interface FilteredFile {
  /** As seen from the root that is walked. */
  readonly path: Path
  /** Bytes. */
  readonly size: number | undefined
  readonly modified: Time
  /** What the remote keeps beside the content; {} where that is nothing. Needed where the filter says so. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** Which files and directories below a root a run is about (rclone's surface §4). */
export interface Filter {
  /** Whether anything but the defaults was asked for: a single file cannot be named together with such a filter. */
  readonly active: boolean
  /** Whether a tree may be listed at once: no rule, list or marker speaks of directories (rclone's surface §2.3, Listing). */
  readonly recursiveListing: boolean
  /** Whether files are to be judged with their metadata. */
  readonly needsMetadata: boolean
  /** @throws StorageError 'unsupported' where metadata is needed and not given */
  includesFile(file: FilteredFile): boolean
  /** Whether a file of this path may be included, as far as its path alone tells: for one that is not there. */
  includesPath(path: Path): boolean
  /**
   * Whether a directory is looked into. Its markers are another question: see `excludeIfPresent`.
   * @param path as seen from the root; the root itself '' always is
   */
  includesDir(path: Path): boolean
  /** A directory that holds a file of one of these names is left out with all below it; the root too. */
  readonly excludeIfPresent: readonly string[]
  /** The only files there are, to be looked up one by one, where no whole directory is listed; those that are missing are passed over. */
  readonly files?: readonly Path[] | undefined
  /** A directory among `files` is an error. */
  readonly refusesDirs?: boolean | undefined
  /** Whether a sync deletes what is excluded from the destination, which is then listed without the filter. */
  readonly deleteExcluded: boolean
  /** The lines of `--dump filters`. */
  dump(): readonly string[]
}

/** What a filter is made of. */
export interface FilterParts {
  readonly limits: Limits
  readonly partition: InPartition | undefined
  readonly paths: PathRules
  readonly metadata: Rules
  readonly listed: ListedFiles | undefined
  readonly excludeIfPresent: readonly string[]
  readonly deleteExcluded: boolean
}

/** A filter of these parts. */
export function createFilter(parts: FilterParts): Filter {
  const { limits, partition, paths, metadata, listed, excludeIfPresent, deleteExcluded } = parts
  const needsMetadata = metadata.lines().length > 0
  const files = listed && new Set([...listed.files].map(typedPath))
  const dirs = listed && new Set([...listed.dirs].map(typedPath))
  const trees = new Set([...(listed?.trees ?? [])].map(typedPath))
  const includesPath = (path: Path): boolean =>
    files
      ? files.has(path) || isWithinAny(parent(path), trees)
      : (partition === undefined || partition(shownPath(path))) && paths.files.includes(asPatternsSee(path))
  return {
    includesPath,
    active: listed !== undefined || hasRules(parts),
    recursiveListing: listed === undefined && excludeIfPresent.length === 0 && !choosesDirs(paths),
    needsMetadata,
    includesFile(file) {
      if (files) return includesPath(file.path)
      return (
        withinLimits(limits, file) &&
        (!needsMetadata || metadata.includes(...metadataNames(file))) &&
        includesPath(file.path)
      )
    },
    includesDir(path) {
      if (path === '') return true
      return dirs ? dirs.has(path) || isWithinAny(path, trees) : paths.dirs.includes(asPatternsSee(`${path}/`))
    },
    excludeIfPresent,
    files: trees.size > 0 ? undefined : files && [...files],
    deleteExcluded,
    dump: () =>
      dumpLines({
        limits,
        fileRules: paths.files.lines(),
        dirRules: paths.dirs.lines(),
        metadataRules: metadata.lines(),
      }),
  }
}

/** Whether `dir` is one of these directories, or below one. */
function isWithinAny(dir: Path, trees: ReadonlySet<Path>): boolean {
  return trees.size > 0 && dir !== '' && (trees.has(dir) || isWithinAny(parent(dir), trees))
}

/** Patterns are written for names as they are shown (rclone's surface §2.2, Encoding). */
function asPatternsSee(path: Path): string {
  return asGoReads(shownPath(path))
}

/** Whether anything but lists of files is asked for. */
export function hasRules({
  limits,
  partition,
  paths,
  metadata,
  excludeIfPresent,
}: Omit<FilterParts, 'listed'>): boolean {
  return (
    isLimited(limits) ||
    partition !== undefined ||
    excludeIfPresent.length > 0 ||
    [paths.files, paths.dirs, metadata].some((rules) => rules.lines().length > 0)
  )
}

/** Rules for directories of which the first lets all in choose none; rclone does not see that one through --ignore-case. */
function choosesDirs({ dirs }: PathRules): boolean {
  const [first] = dirs.lines()
  return first !== undefined && first !== '+ ^.*$'
}

/** A file without metadata has one name that no pattern means, so that it is not included where others are asked for. */
function metadataNames({ path, metadata }: FilteredFile): readonly string[] {
  if (metadata === undefined) {
    throw new StorageError('unsupported', `${path}: filters for metadata need a remote that has some`, {
      details: { path, hint: 'Leave out the --metadata-include, --metadata-exclude and --metadata-filter flags.' },
    })
  }
  const names = Object.entries(metadata).map(([key, value]) => `${key}=${value}`)
  return names.length > 0 ? names : ['\0=\0']
}
