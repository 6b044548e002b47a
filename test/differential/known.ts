import type { Case } from './cases.ts'

/** What is compared of two runs. */
export type Aspect = 'exit code' | 'which files' | 'contents' | 'times' | 'directory times' | 'backup' | 'reports'

/** Where the two are known not to do the same, and what is not compared then. */
interface Known {
  readonly name: string
  readonly not: readonly Aspect[] | 'anything'
  applies(seen: Seen): boolean
}

/** What is known of a run of rclone. */
export interface Seen {
  readonly one: Case
  /** Major and minor version in one number: 1.60 is 160. */
  readonly version: number
  /** It ended with an error. */
  readonly failed: boolean
  /** It had to be ended. */
  readonly hung: boolean
}

const has = ({ flags }: Case, ...all: readonly string[]): boolean => all.every((flag) => flags.includes(flag))
const moves = ({ command }: Case): boolean => command === 'move' || command === 'moveto'
const filters = (one: Case): boolean =>
  one.flags.some((flag) => /^--(include|exclude|filter|files-from|max-age|min-age|max-size|min-size)/.test(flag))
const limits = ({ flags }: Case): boolean => flags.some((flag) => /^--(min|max)-(size|age)$/.test(flag))
/** What may keep a file from being overwritten. */
const promises: ReadonlySet<string> = new Set([
  '--backup-dir',
  '--checksum',
  '--ignore-existing',
  '--ignore-size',
  '--immutable',
  '--modify-window',
  '--size-only',
  '--suffix',
  '--update',
])
const lists = (one: Case): boolean => has(one, '--files-from') || has(one, '--files-from-raw')
const deletesAtMost = ({ flags }: Case): number => Number(flags[flags.indexOf('--max-delete') + 1])

/** What docs/deviations.md says, and what rclone leaves to chance. */
const deviations: readonly Known[] = [
  {
    name: 'a move keeps what is newer in the destination, or found by --compare-dest',
    not: 'anything',
    applies: ({ one }) => moves(one) && (has(one, '--update') || has(one, '--compare-dest')),
  },
  {
    name: 'a move to a place that is not there takes along what --max-depth leaves out',
    not: 'anything',
    applies: ({ one }) => moves(one) && has(one, '--max-depth') && !filters(one),
  },
  {
    name: '--immutable and a time that differs, in a dry run',
    not: ['exit code', 'reports'],
    applies: ({ one }) => has(one, '--immutable', '--dry-run'),
  },
  {
    name: 'nothing is deleted while the listing goes on, which may fail',
    not: 'anything',
    applies: ({ one, failed }) => failed && (has(one, '--delete-during') || has(one, '--delete-before')),
  },
  {
    name: '--compare-dest with --track-renames is looked at',
    not: 'anything',
    applies: ({ one }) => has(one, '--compare-dest', '--track-renames'),
  },
  {
    name: 'a directory whose files are all found by --compare-dest is not there to have its time set',
    not: 'anything',
    applies: ({ one, failed }) => failed && has(one, '--compare-dest'),
  },
  {
    name: 'of several files that --track-renames takes for one, any may be it',
    not: ['times', 'directory times', 'contents', 'backup'],
    applies: ({ one }) => has(one, '--track-renames'),
  },
  {
    name: 'which of them is renamed, and which deleted or put away, is chance too',
    not: ['which files'],
    applies: ({ one }) => has(one, '--track-renames') && has(one, '--suffix'),
  },
  {
    name: 'the second pass of --delete-before takes --no-traverse seriously',
    not: 'anything',
    applies: ({ one }) => has(one, '--no-traverse', '--delete-before'),
  },
  {
    name: 'what goes is no longer there under the other name that a link gives it',
    not: 'anything',
    applies: ({ one, failed }) => has(one, '--copy-links') && (moves(one) || (failed && one.command === 'sync')),
  },
  {
    name: 'what has a marker of --exclude-if-present in the source is left alone',
    not: 'anything',
    applies: ({ one }) => ['sync', 'check'].includes(one.command) && has(one, '--exclude-if-present'),
  },
  {
    name: '--immutable holds for a single file too',
    not: 'anything',
    applies: ({ one }) => has(one, '--immutable') && one.args[0] !== '{}/src',
  },
  {
    name: 'directories are not made for what --compare-dest has found',
    not: 'anything',
    applies: ({ one }) => has(one, '--compare-dest', '--metadata'),
  },
  {
    name: 'of two errors, which one is found first',
    not: ['exit code'],
    applies: ({ one, failed }) => failed && has(one, '--copy-dest') && one.args[0] !== '{}/src',
  },
  {
    name: 'a missing source deletes nothing, whatever is to be ignored',
    not: 'anything',
    applies: ({ one, failed }) => failed && has(one, '--ignore-errors') && one.args[0] === '{}/src/nosuch',
  },
  {
    name: 'what a size or age hides in the destination alone is compared all the same',
    not: 'anything',
    applies: ({ one }) => limits(one) && (one.command === 'check' || one.flags.some((flag) => promises.has(flag))),
  },
  {
    name: 'and is reported as being there',
    not: ['reports'],
    applies: ({ one }) => limits(one),
  },
  {
    name: 'a marker of --exclude-if-present counts, though a filter leaves it out',
    not: 'anything',
    applies: ({ one }) => has(one, '--exclude-if-present') && filters(one),
  },
  {
    name: 'a name of another Unicode form is reported as the source has it',
    not: ['reports'],
    applies: ({ one }) => [...one.trees.dst.keys()].some((path) => path !== path.normalize()),
  },
  {
    name: 'a link that is named without its suffix is not found',
    not: ['exit code'],
    applies: ({ one, failed }) => failed && has(one, '--links') && (one.args[0] ?? '').endsWith('link'),
  },
  {
    name: 'a partial file that is removed leaves its time in the directory',
    not: ['directory times'],
    applies: ({ failed }) => failed,
  },
  {
    name: 'a renaming may be the deletion that is one too many',
    not: 'anything',
    applies: ({ one }) => has(one, '--track-renames', '--max-delete'),
  },
  {
    name: 'any file may be the one too many for --max-delete',
    not: ['which files', 'directory times', 'backup'],
    applies: ({ one, failed }) => failed && deletesAtMost(one) > 0,
  },
  {
    name: 'whether times of directories are set after a fatal error is chance',
    not: ['directory times'],
    applies: ({ one, failed }) => failed && has(one, '--max-delete'),
  },
  {
    name: 'rmdirs tries to remove directories in which a filter hides files, and fails',
    not: ['exit code'],
    applies: ({ one }) => one.command === 'rmdirs' && filters(one),
  },
  {
    name: 'what is reported of the destination where the source is missing: check all of it, sync nothing',
    not: ['reports'],
    applies: ({ one, failed }) => failed && /(nosuch|link)$/.test(one.args[0] ?? ''),
  },
  {
    name: 'what --compare-dest has found is reported once, and not as being there',
    not: ['reports'],
    applies: ({ one }) => has(one, '--compare-dest'),
  },
  {
    name: 'a single file is reported by its name in the source',
    not: ['reports'],
    applies: ({ one }) => one.args[0] !== '{}/src' && one.command.endsWith('to'),
  },
  {
    name: 'delete --rmdirs leaves directories alone where the listing was not whole',
    not: 'anything',
    applies: ({ one, failed }) => failed && has(one, '--rmdirs'),
  },
  {
    name: 'a move from nowhere to nowhere is tried as one of a directory',
    not: 'anything',
    applies: ({ one }) => moves(one) && /(nosuch|link)$/.test(one.args[0] ?? ''),
  },
  {
    name: 'a minimum and a maximum age that are one date are told apart by the time between looking at them',
    not: 'anything',
    applies: ({ one }) => has(one, '--max-age', '--min-age'),
  },
  {
    name: 'a directory in a list of files is an error with --no-traverse',
    not: 'anything',
    applies: ({ one, failed }) => failed && has(one, '--no-traverse') && lists(one),
  },
]

/**
 * Where rclone has changed since the version that systems come with (rclone's surface §10). `since`: the first version that
 * is known to do as fjord does.
 */
const changes: readonly (Known & { readonly since: number })[] = [
  { name: 'times of directories are copied', since: 166, not: ['directory times'], applies: () => true },
  {
    name: 'a server-side move is a transfer for --error-on-no-transfer',
    since: 176,
    not: ['exit code'],
    applies: ({ one }) => moves(one) && has(one, '--error-on-no-transfer'),
  },
  {
    name: '--suffix-keep-extension keeps .tar.gz together',
    since: 176,
    not: ['which files'],
    applies: ({ one }) => has(one, '--suffix-keep-extension'),
  },
  {
    name: 'rmdirs goes on after a directory that cannot be removed',
    since: 176,
    not: 'anything',
    applies: ({ one, failed }) => one.command === 'rmdirs' && (failed || filters(one)),
  },
  {
    name: 'delete --rmdirs removes what a filter lets it empty',
    since: 176,
    not: 'anything',
    applies: ({ one }) => has(one, '--rmdirs') && filters(one),
  },
  {
    name: '--create-empty-src-dirs makes the directories of what --compare-dest has found',
    since: 176,
    not: 'anything',
    applies: ({ one }) => has(one, '--create-empty-src-dirs', '--compare-dest'),
  },
  {
    name: 'a run that ends all at once does not wait for itself for ever',
    since: 176,
    not: 'anything',
    applies: ({ hung }) => hung,
  },
]

/** The known differences that a run meets. */
export function knownDifferences(seen: Seen): readonly Known[] {
  const older = changes.filter(({ since }) => seen.version < since)
  return [...deviations, ...older].filter(({ applies }) => applies(seen))
}
