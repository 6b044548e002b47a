import type { Random } from './random.ts'

interface Choice {
  readonly percent: number
  readonly of: readonly string[]
  /** The first version of rclone that knows the flags: 1.60 is 160. */
  readonly since?: number
  readonly choose: (random: Random, version: number) => readonly string[]
}

/** Flags of one run, as far as a version of rclone knows them. */
export function randomFlags(random: Random, command: string, version: number): readonly string[] {
  // What most runs have is what users have most: few flags
  const share = random.pick([0.3, 1, 1, 1.5])
  return pool
    .filter(({ percent, of }) => of.includes(command) && random.chance(percent * share))
    .flatMap(({ since = 0, choose }) => {
      const flags = choose(random, version)
      return since <= version ? flags : []
    })
}

const reports = ['combined', 'missing-on-src', 'missing-on-dst', 'match', 'differ', 'error']

const copying = ['copy', 'sync', 'move', 'copyto', 'moveto']
const all = [...copying, 'check', 'delete', 'rmdirs']

const pool: readonly Choice[] = [
  {
    percent: 45,
    of: copying,
    choose: (random) => [
      random.pick([
        '--checksum',
        '--size-only',
        '--ignore-times',
        '--ignore-existing',
        '--update',
        '--ignore-size',
        '--no-update-modtime',
        '--no-check-dest',
        '--immutable',
      ]),
    ],
  },
  { percent: 12, of: copying, choose: (random) => [random.pick(['--checksum', '--update', '--ignore-existing'])] },
  { percent: 15, of: copying, choose: (random) => ['--modify-window', random.pick(['1s', '2s', '48h'])] },
  { percent: 20, of: ['copy', 'sync', 'move'], choose: () => ['--create-empty-src-dirs'] },
  { percent: 15, of: all, choose: (random) => ['--max-depth', random.pick(['1', '2', '3'])] },
  { percent: 10, of: ['copy', 'move', 'copyto', 'moveto', 'sync'], choose: () => ['--no-traverse'] },
  { percent: 10, of: copying, choose: () => ['--check-first'] },
  { percent: 30, of: all, choose: randomFilter },
  { percent: 8, of: all, choose: randomFilter },
  { percent: 10, of: ['sync', 'copy'], choose: () => ['--delete-excluded'] },
  {
    percent: 30,
    of: ['sync', 'copy'],
    choose: (random) => [random.pick(['--delete-before', '--delete-during', '--delete-after'])],
  },
  {
    percent: 10,
    of: ['sync', 'delete', 'move', 'moveto'],
    choose: (random) => ['--max-delete', random.pick(['0', '0', '1', '3'])],
  },
  {
    percent: 6,
    of: ['sync', 'delete', 'move', 'moveto'],
    since: 176,
    choose: (random) => ['--max-delete-size', random.pick(['0', '1b', '20b', '2900b'])],
  },
  {
    percent: 6,
    of: copying,
    choose: (random) => ['--max-transfer', random.pick(['0', '1b', '20b', '1k']), ...random.pick(cutoffs)],
  },
  { percent: 8, of: ['sync'], choose: () => ['--ignore-errors'] },
  { percent: 15, of: copying, choose: () => ['--backup-dir', '{}/backup'] },
  {
    percent: 12,
    of: copying,
    choose: (random) => ['--suffix', '.bak', ...(random.chance(50) ? ['--suffix-keep-extension'] : [])],
  },
  { percent: 12, of: copying, choose: () => ['--compare-dest', '{}/other'] },
  { percent: 3, of: copying, choose: () => ['--copy-dest', '{}/other'] },
  {
    percent: 15,
    of: ['sync', 'sync', 'copy'],
    choose: (random) => [
      '--track-renames',
      ...random.pick([[], ['--track-renames-strategy', 'hash'], ['--track-renames-strategy', 'modtime,leaf']]),
    ],
  },
  { percent: 25, of: ['move'], choose: () => ['--delete-empty-src-dirs'] },
  { percent: 10, of: all, choose: () => ['--dry-run'] },
  { percent: 6, of: [...copying, 'check'], choose: () => ['--ignore-case-sync'] },
  { percent: 6, of: copying, since: 176, choose: () => ['--fix-case', '--ignore-case-sync'] },
  { percent: 5, of: all, since: 176, choose: (random) => ['--hash-filter', random.pick(['0/2', '1/2', '2/3'])] },
  { percent: 5, of: copying, since: 176, choose: () => ['--no-update-dir-modtime'] },
  { percent: 8, of: copying, since: 176, choose: (random) => random.pick([['--inplace'], ['--partial-suffix', '.p']]) },
  { percent: 4, of: copying, choose: (random) => [random.pick(['--ignore-checksum', '--fast-list', '--use-mmap'])] },
  { percent: 4, of: copying, choose: (random) => ['--max-backlog', random.pick(['1', '2'])] },
  { percent: 6, of: ['copy', 'sync', 'move'], since: 176, choose: randomTransform },
  { percent: 4, of: [...copying, 'check'], choose: () => ['--no-unicode-normalization'] },
  { percent: 10, of: all, choose: (random) => [random.pick(['--copy-links', '--links', '--skip-links'])] },
  { percent: 5, of: copying, choose: () => ['--error-on-no-transfer'] },
  { percent: 10, of: copying, choose: (random) => ['--order-by', random.pick(['size,desc', 'name', 'modtime'])] },
  { percent: 5, of: copying, choose: () => ['--refresh-times'] },
  { percent: 5, of: copying, choose: () => ['--metadata'] },
  { percent: 20, of: all, choose: (random) => ['--transfers', random.pick(['1', '2'])] },
  { percent: 20, of: all, choose: (random) => ['--checkers', random.pick(['1', '2'])] },
  { percent: 10, of: all, choose: (random) => random.pick(withoutEffect) },
  { percent: 20, of: ['check'], choose: (random) => [random.pick(['--download', '--size-only', '--ignore-size'])] },
  { percent: 30, of: ['check'], choose: () => ['--one-way'] },
  { percent: 90, of: ['check'], choose: randomReports },
  {
    percent: 20,
    of: copying,
    since: 167,
    choose: (random) => [...randomReports(random), '--dest-after', '{}/report-dest-after'],
  },
  { percent: 30, of: ['rmdirs'], choose: () => ['--leave-root'] },
  { percent: 30, of: ['delete'], choose: () => ['--rmdirs'] },
]

/** What makes no difference to small trees on one disk. */
const withoutEffect = [
  ['--buffer-size', '0'],
  ['--bwlimit', '100M'],
  ['--low-level-retries', '1'],
  ['--max-duration', '1h'],
  ['--multi-thread-cutoff', '1k', '--multi-thread-streams', '2'],
  ['--one-file-system'],
  ['--retries-sleep', '1ms'],
  ['--tpslimit', '10000'],
]

const cutoffs = [[], ['--cutoff-mode', 'soft'], ['--cutoff-mode', 'cautious'], ['--cutoff-mode', 'hard']]

function randomTransform(random: Random): readonly string[] {
  const rules = ['prefix=p_', 'suffix=.s', 'all,prefix=x', 'all,uppercase', 'dir,suffix=_', 'all,replace=d:Z']
  return ['--name-transform', random.pick(rules)]
}

function randomReports(random: Random): readonly string[] {
  return reports.filter(() => random.chance(60)).flatMap((name) => [`--${name}`, `{}/report-${name}`])
}

const patterns = [
  '*.txt',
  '/d1/**',
  'd2/',
  '*.{jpg,md}',
  'a',
  '/*',
  '**/f/*',
  'keep',
  '.*',
  'd?/b',
  '[a-c]*',
  '/d2/e/**',
  '{{[ab]|keep}}',
  'empty/',
  'd1/**/b',
]

const lists = [
  ['--files-from', '{}/list'],
  ['--files-from-raw', '{}/list'],
  ['--files-from0', '{}/list0'],
]

function randomFilter(random: Random, version: number): readonly string[] {
  const pattern = (): string => random.pick(patterns)
  const rules: readonly (() => readonly string[])[] = [
    () => ['--include', pattern()],
    () => ['--exclude', pattern()],
    () => ['--exclude', pattern(), '--exclude', pattern()],
    () => ['--filter', `${random.pick(['+', '-'])} ${pattern()}`, '--filter', `- ${pattern()}`],
    () => ['--filter', `- ${pattern()}`, '--filter', `+ ${pattern()}`, '--filter', '- *'],
    () => ['--min-size', '2b'],
    () => ['--max-size', '20b'],
    () => ['--max-age', '2020-09-14'],
    () => ['--min-age', '2020-09-14'],
    () => ['--ignore-case', '--include', pattern()],
    () => ['--exclude-if-present', random.pick(['.hid', 'keep'])],
    () => random.pick(version < 176 ? lists.slice(0, 2) : lists),
    () => [random.pick(['--exclude-from', '--include-from']), '{}/list'],
    () => ['--filter-from', '{}/rules'],
  ]
  return random.pick(rules)()
}
