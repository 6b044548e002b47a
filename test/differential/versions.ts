import { filters, has, hasLinks, isWhole, listsFiles, moves, twinsOf } from './case-facts.ts'
import type { Known } from './known.ts'

/**
 * Where rclone has changed since the version that systems come with (rclone's surface §10). `since`: the first version that
 * is known to do as fjord does.
 */
export const changes: readonly (Known & { readonly since: number })[] = [
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
    name: 'a file that is moved gets the spelling that the destination has',
    since: 176,
    not: ['destination', 'reports'],
    applies: ({ one }) => moves(one) && twinsOf(one).some(({ respelled }) => respelled),
  },
  {
    name: 'rmdirs and delete --rmdirs see what a filter lets through, and go on after a directory that cannot be removed',
    since: 176,
    not: 'anything',
    applies: ({ one, failed }) =>
      (one.command === 'rmdirs' || has(one, '--rmdirs')) &&
      (failed || filters(one) || has(one, '--exclude-if-present')),
  },
  {
    name: '--create-empty-src-dirs makes the directories of what --compare-dest has found',
    since: 176,
    not: ['which directories'],
    applies: ({ one }) => has(one, '--create-empty-src-dirs', '--compare-dest'),
  },
  {
    name: 'a link that is named without its suffix is refused',
    since: 176,
    not: 'anything',
    applies: ({ one }) => has(one, '--links') && one.args[0]?.endsWith('link') === true,
  },
  {
    name: '--max-transfer counts otherwise',
    since: 176,
    not: ['exit code', 'source', 'destination', 'backup'],
    applies: ({ one }) => has(one, '--max-transfer'),
  },
  {
    name: 'check tells of the destination where the source is missing',
    since: 176,
    not: ['reports'],
    applies: ({ one, failed }) => failed && one.command === 'check' && one.args[0] === '{}/src/nosuch',
  },
  {
    name: '--immutable holds for a single file',
    since: 176,
    not: 'anything',
    applies: ({ one }) => has(one, '--immutable') && !isWhole(one),
  },
  {
    name: 'a directory in a list of files is with --no-traverse one error, and not the end',
    since: 176,
    not: 'anything',
    applies: ({ one, failed }) => failed && has(one, '--no-traverse') && listsFiles(one),
  },
  {
    name: 'a link that leads nowhere is no error where a filter leaves it out',
    since: 176,
    not: 'anything',
    applies: ({ one, failed }) =>
      failed && has(one, '--copy-links') && filters(one) && hasLinks(one.trees.src, one.trees.dst),
  },
  {
    name: 'a run that ends all at once does not wait for itself for ever',
    since: 176,
    not: 'anything',
    applies: ({ hung }) => hung,
  },
]
