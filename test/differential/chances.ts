import { has, hasLinks, isWhole, moves, twinsOf, valueOf } from './case-facts.ts'
import type { Case } from './cases.ts'
import type { Known } from './known.ts'

/** What rclone leaves to chance, or to the order of what it does at once. */
export const chances: readonly Known[] = [
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
    name: 'of two errors, which one is found first',
    not: ['exit code'],
    applies: ({ one, failed }) =>
      failed && ((has(one, '--copy-dest') && !isWhole(one)) || (has(one, '--delete-during') && limitsDeletions(one))),
  },
  {
    name: 'what goes is no longer there under the other name that a link gives it',
    not: 'anything',
    applies: ({ one, failed }) =>
      has(one, '--copy-links') &&
      hasLinks(one.trees.src, one.trees.dst) &&
      (removes(one) || (failed && one.command === 'sync')),
  },
  {
    name: 'a partial file that cannot take the place of a directory leaves its time in the one above',
    not: ['directory times'],
    applies: ({ one, failed }) => failed && twinsOf(one).some(({ source, dest }) => dest && source.kind !== dest.kind),
  },
  {
    name: 'any file may be the one too many for --max-delete',
    not: ['which files', 'directory times', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && Number(valueOf(one, '--max-delete')) > 0,
  },
  {
    name: 'and smaller ones may go all the same',
    not: ['destination', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && has(one, '--max-delete-size'),
  },
  {
    name: 'what a move has done when it has replaced or deleted one too many',
    not: ['source', 'destination', 'backup', 'reports'],
    applies: ({ one, failed }) => failed && moves(one) && limitsDeletions(one),
  },
  {
    name: 'whether times of directories are set after a fatal error is chance',
    not: ['directory times'],
    applies: ({ one, failed }) => failed && limitsDeletions(one),
  },
  {
    name: 'a minimum and a maximum age that are one date are told apart by the time between looking at them',
    not: 'anything',
    applies: ({ one }) => has(one, '--max-age', '--min-age'),
  },
  {
    name: 'what has been transferred when --max-transfer ends it, or whether all is done by then',
    not: ['exit code', 'source', 'destination', 'backup', 'reports'],
    applies: ({ one, failed }) => has(one, '--max-transfer') && (failed || has(one, 'soft')),
  },
]

function removes(one: Case): boolean {
  return moves(one) || one.command === 'rmdirs' || has(one, '--rmdirs')
}

function limitsDeletions(one: Case): boolean {
  return has(one, '--max-delete') || has(one, '--max-delete-size')
}
