import type { Case } from './cases.ts'
import {
  has,
  hasLinks,
  isOneFile,
  isWhole,
  lacksSource,
  listsFiles,
  filters,
  markedDirs,
  moves,
  movesAtOnce,
  passesLimits,
  twinsOf,
} from './case-facts.ts'
import type { Twins } from './case-facts.ts'
import type { Known } from './known.ts'

/** What docs/deviations.md says. */
export const deviations: readonly Known[] = [
  {
    name: 'a move keeps what is newer in the destination, or found by --compare-dest',
    not: ['source', 'reports', 'exit code'],
    applies: ({ one }) => moves(one) && keepsSomething(one),
  },
  {
    name: 'a move to a place that is not there takes along what --max-depth leaves out, under the old names',
    not: 'anything',
    applies: ({ one }) => movesAtOnce(one) && (has(one, '--max-depth') || has(one, '--name-transform')),
  },
  {
    name: '--immutable and a time that differs, in a dry run',
    not: ['exit code', 'reports'],
    applies: ({ one }) => has(one, '--immutable', '--dry-run'),
  },
  {
    name: 'what a move replaces counts in a dry run too',
    not: ['exit code', 'reports'],
    applies: ({ one }) =>
      moves(one) && has(one, '--dry-run') && (has(one, '--max-delete') || has(one, '--max-delete-size')),
  },
  {
    name: 'nothing is deleted while the listing goes on, which may fail',
    not: ['destination', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && (has(one, '--delete-during') || has(one, '--delete-before')),
  },
  {
    name: '--compare-dest with --track-renames is looked at',
    not: ['destination', 'backup', 'reports', 'exit code'],
    applies: ({ one }) => has(one, '--compare-dest', '--track-renames'),
  },
  {
    name: 'a directory whose files are all found by --compare-dest is not there to have its time set',
    not: ['exit code', 'which directories'],
    applies: ({ one, failed }) => failed && has(one, '--compare-dest'),
  },
  {
    name: 'and is not made for its metadata either',
    not: ['which directories', 'directory times'],
    applies: ({ one }) => has(one, '--compare-dest', '--metadata'),
  },
  {
    name: 'what --compare-dest has found is not reported as being there',
    not: ['dest-after'],
    applies: ({ one }) => has(one, '--compare-dest'),
  },
  {
    name: 'what an error keeps from being deleted is reported as being there',
    not: ['dest-after'],
    applies: ({ one, failed }) => failed && one.command === 'sync' && !has(one, '--dry-run'),
  },
  {
    name: 'but not the file that could not take the place of a directory',
    not: ['dest-after'],
    applies: ({ one, failed }) => failed && twinsOf(one).some(({ source, dest }) => dest && source.kind !== dest.kind),
  },
  {
    name: 'what is there afterwards is told under its name there',
    not: ['dest-after'],
    applies: ({ one }) =>
      isRenamedAlone(one) ||
      has(one, '--name-transform') ||
      [...one.trees.dst.keys()].some((path) => path !== path.normalize()) ||
      twinsOf(one).some(({ respelled }) => respelled),
  },
  {
    name: 'a link that stands where a file goes is never the same, though it is as long',
    not: 'anything',
    applies: ({ one }) =>
      (isOneFile(one) || has(one, '--no-traverse')) && twinsOf(one).some((twins) => areAsLong(one, twins)),
  },
  {
    name: 'with a backup nothing is written in place, which leaves its time in the directory',
    not: ['directory times'],
    applies: ({ one }) => has(one, '--inplace') && (has(one, '--backup-dir') || has(one, '--suffix')),
  },
  {
    name: 'nothing is renamed after an error',
    not: ['destination', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && has(one, '--track-renames'),
  },
  {
    name: 'a single file that could not be copied is reported as an error',
    not: ['reports'],
    applies: ({ one, failed }) => failed && one.command !== 'check' && isOneFile(one),
  },
  {
    name: 'what has a marker of --exclude-if-present in the source is left alone',
    not: ['destination', 'backup', 'reports'],
    applies: ({ one }) => one.command === 'sync' && markedDirs(one, one.trees.src).length > 0,
  },
  {
    name: 'so that fewer files are deleted than --max-delete forbids',
    not: ['exit code'],
    applies: ({ one, failed }) => failed && one.command === 'sync' && markedDirs(one, one.trees.src).length > 0,
  },
  {
    name: 'and not told of',
    not: ['reports'],
    applies: ({ one }) => one.command !== 'check' && markedDirs(one, one.trees.src).length > 0,
  },
  {
    name: 'what a filter hides in the destination alone is compared all the same',
    not: 'anything',
    applies: ({ one }) => one.command !== 'check' && hidesInDest(one) && one.flags.some((flag) => promises.has(flag)),
  },
  {
    name: 'also what it hides there because it is written in another way',
    not: 'anything',
    applies: ({ one }) =>
      one.command !== 'check' && tellsSpellings(one) && twinsOf(one).some(({ respelled }) => respelled),
  },
  {
    name: 'and is reported as being there',
    not: ['reports', 'directory times'],
    applies: ({ one }) => one.command !== 'check' && hidesInDest(one),
  },
  {
    name: 'a missing source deletes nothing, whatever is to be ignored',
    not: ['destination', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && has(one, '--ignore-errors') && lacksSource(one),
  },
  {
    name: 'and exit code 3, be it one deletion too many',
    not: ['exit code'],
    applies: ({ one }) => has(one, '--ignore-errors', '--max-delete') && lacksSource(one),
  },
  {
    name: 'what a move from nowhere would have gone to is not made',
    not: ['which directories'],
    applies: ({ one, failed }) => failed && one.command === 'moveto' && one.args[0] === '{}/src/nosuch',
  },
  {
    name: 'nor one that has another name by --name-transform, where nothing is in it',
    not: ['exit code', 'which directories', 'directory times'],
    applies: ({ one, failed }) => failed && has(one, '--name-transform'),
  },
  {
    name: 'directories get the time that they had before files have left them',
    not: ['directory times'],
    applies: ({ one }) => moves(one) && has(one, '--metadata'),
  },
  {
    name: 'with --name-transform a filter goes by the old names on both sides, and a single file is looked for by the new one',
    not: 'anything',
    applies: ({ one }) =>
      has(one, '--name-transform') && (filters(one) || isOneFile(one) || has(one, '--exclude-if-present')),
  },
  {
    name: 'what is put away keeps the name that it has',
    not: ['destination', 'backup'],
    applies: ({ one }) => has(one, '--name-transform') && (has(one, '--backup-dir') || has(one, '--suffix')),
  },
  {
    name: 'other places are searched for the new names',
    not: ['destination', 'reports'],
    applies: ({ one }) => has(one, '--name-transform') && searching.some((flag) => has(one, flag)),
  },
  {
    name: 'directories that are empty go though others get other names',
    not: ['source'],
    applies: ({ one }) => has(one, '--name-transform', '--delete-empty-src-dirs'),
  },
  {
    name: 'and none is made under its new name for its metadata',
    not: ['which directories', 'directory times'],
    applies: ({ one }) => has(one, '--name-transform', '--metadata'),
  },
  {
    name: 'a missing source is an error, also with a list of files and --no-traverse',
    not: 'anything',
    applies: ({ one }) => looksUpList(one) && lacksSource(one),
  },
  {
    name: 'and links in the list are what they are in a listing',
    not: 'anything',
    applies: ({ one }) => looksUpList(one) && !has(one, '--links') && hasLinks(one.trees.src, one.trees.dst),
  },
]

const searching = ['--compare-dest', '--copy-dest', '--ignore-case-sync', '--no-traverse', '--track-renames']

/** What makes it matter that a file is compared, and not transferred. */
const promises: ReadonlySet<string> = new Set([
  '--backup-dir',
  '--checksum',
  '--compare-dest',
  '--copy-dest',
  '--error-on-no-transfer',
  '--ignore-existing',
  '--ignore-size',
  '--immutable',
  '--max-transfer',
  '--modify-window',
  '--no-update-modtime',
  '--size-only',
  '--suffix',
  '--update',
])

function keepsSomething(one: Case): boolean {
  return twinsOf(one).some(({ source, dest, other }) => {
    if (has(one, '--compare-dest') && other?.kind === 'file') return true
    return has(one, '--update') && source.kind === 'file' && dest?.kind === 'file' && dest.time > source.time
  })
}

function looksUpList(one: Case): boolean {
  return has(one, '--no-traverse') && listsFiles(one)
}

function areAsLong(one: Case, { source, dest }: Twins): boolean {
  if (source.kind !== 'file' || dest?.kind !== 'link') return false
  return has(one, '--ignore-size') || source.content.length === dest.target.length
}

function isRenamedAlone(one: Case): boolean {
  return !isWhole(one) && one.command.endsWith('to')
}

/** Whether a filter may let a name through in one spelling and not in another. */
function tellsSpellings(one: Case): boolean {
  if (['--exclude-from', '--filter-from', '--hash-filter', '--include-from'].some((flag) => has(one, flag))) return true
  return one.flags.some((flag) => flag.includes('[a-c]') || flag.includes('{{'))
}

function hidesInDest(one: Case): boolean {
  if (markedDirs(one, one.trees.dst).length > 0) return true
  return twinsOf(one).some(({ source, dest }) => dest && passesLimits(one, source) && !passesLimits(one, dest))
}
