import type { Random } from '../../differential/random.ts'
import type { Dialect } from '../../../src/emulator/index.ts'
import { randomDialect } from '../../support/dialects.ts'
import type { Kinds, Planned, Tree } from './world.ts'

/** One run of the command that is going to be killed. */
export interface KillCase {
  readonly command: 'copy' | 'sync' | 'move' | 'convmv'
  readonly kinds: Kinds
  readonly source: Tree
  readonly dest: Tree
  readonly flags: readonly string[]
  /** Options of the account, as they stand in a connection string. */
  readonly remoteOptions: string
  /** A half file may stand under its name. */
  readonly inplace: boolean
  /** A file of the destination may be away for a moment, with its content elsewhere. */
  readonly gaps: boolean
  /** The destination goes to the trash before the run. */
  readonly trashed: boolean
  /** Answers of the service to what nobody knows of it. */
  readonly dialect: Partial<Dialect>
  /** After how many requests of a run its access token expires; undefined: it does not. */
  readonly expiresAfter: number | undefined
  /** How long each request takes at the least, in milliseconds. */
  readonly latency: number
}

const now = 1_600_000_000

/** Draws a case: what is copied where, from what to what, and with which options. */
export function drawCase(random: Random): KillCase {
  const [from, to] = random.pick([
    ['local', 'jotta'],
    ['jotta', 'local'],
    ['jotta', 'jotta'],
    ['local', 'local'],
  ] as const)
  const kinds = { source: from, dest: to, backup: to } as const
  const latency = random.pick([0, 3, 10])
  const remoteOptions = random.pick(['', '', '', ',no_versions', ',hard_delete', ',no_versions,hard_delete'])
  const command = random.pick(['copy', 'sync', 'sync', 'move', 'move'] as const)
  const source = drawSource(random)
  const expiresAfter = random.chance(20) ? random.below(40) : undefined
  const dialect = random.chance(25) ? randomDialect(random.below(1e9)) : {}
  if (random.chance(8)) return convmvCase(random, { kinds, latency, remoteOptions, source, dialect, expiresAfter })
  const whole = command === 'move' && random.chance(20)
  const draft = { command, kinds, to, from, random }
  const names = drawNames(draft)
  const inplace = to === 'local' && random.chance(20)
  const trashed = whole && to === 'jotta' && random.chance(50)
  const dest = whole && !trashed ? {} : drawDest(random, source, names)
  const flags = whole ? [] : [...names.flags, ...drawFlags(draft, names), ...(inplace ? ['--inplace'] : [])]
  const gaps = names.gaps || inplace || remoteOptions.includes('no_versions')
  return { command, kinds, source, dest, flags, remoteOptions, inplace, gaps, latency, trashed, dialect, expiresAfter }
}

function convmvCase(
  random: Random,
  rest: Pick<KillCase, 'kinds' | 'latency' | 'remoteOptions' | 'source' | 'dialect' | 'expiresAfter'>,
): KillCase {
  const rules = random.pick([['all,regex=^f/renamed-f', 'dir,replace=b:q'], ['all,uppercase']])
  const flags = rules.flatMap((rule) => ['--name-transform', rule])
  return { ...rest, command: 'convmv', dest: {}, flags, inplace: false, gaps: true, trashed: false }
}

function drawSource(random: Random): Tree {
  const tree: Record<string, Planned> = {}
  const add = (path: string, size: number): void => {
    tree[path] = { label: `new ${path}`, size, modified: now + random.below(1000) }
  }
  for (let i = 0; i < 16 + random.below(16); i++)
    add(`${random.pick(['a', 'b/c', 'd'])}/f${i}`, 10 + random.below(5000))
  for (let i = 0; i < 3; i++) add(`medium/f${i}`, (1 << 20) + random.below(2 << 20))
  if (random.chance(60)) add('big/f', (20 << 20) + random.below(4 << 20))
  return tree
}

interface Draft {
  readonly command: KillCase['command']
  readonly from: 'local' | 'jotta'
  readonly to: 'local' | 'jotta'
  readonly random: Random
}

interface Names {
  readonly flags: readonly string[]
  /** The name that a file of the source has in the destination. */
  readonly of: (path: string) => string
  /** The destination has some files under other names that the run recognises. */
  readonly renamed: boolean
  readonly respelled: boolean
  readonly gaps: boolean
}

/** Options by which files get other names: renamings, backups, transforms, case. */
function drawNames({ command, to, random }: Draft): Names {
  const plain = { flags: [], of: (path: string) => path, renamed: false, respelled: false, gaps: false }
  const backup = random.pick<Names>([
    plain,
    plain,
    { ...plain, gaps: true, flags: ['--backup-dir', 'BACKUP'] },
    { ...plain, gaps: true, flags: ['--backup-dir', 'BACKUP', '--suffix', '.bak', '--suffix-keep-extension'] },
    { ...plain, gaps: true, flags: ['--suffix', '.bak', '--exclude', '*.bak'] },
  ])
  if (command === 'sync' && random.chance(40))
    return { ...backup, renamed: true, gaps: true, flags: [...backup.flags, '--track-renames'] }
  if (to === 'jotta' && random.chance(30))
    return { ...backup, respelled: true, gaps: true, flags: [...backup.flags, '--fix-case'] }
  if (random.chance(15)) {
    const of = (path: string): string => `${path}.x`
    return { ...backup, of, flags: [...backup.flags, '--name-transform', 'suffix=.x'] }
  }
  return backup
}

function drawFlags({ command, from, to, random }: Draft, { renamed }: Names): readonly string[] {
  const some = (percent: number, ...flags: readonly string[]): readonly string[] =>
    random.chance(percent) ? flags : []
  return [
    ...some(30, '--checksum'),
    ...some(20, '--check-first'),
    ...some(10, '--partial-suffix', '.half'),
    ...some(10, '--metadata'),
    ...some(20, '--create-empty-src-dirs'),
    ...some(40, '--transfers', random.pick(['1', '2', '8'])),
    ...(command === 'sync' && !renamed
      ? random.pick([[], ['--delete-before'], ['--delete-during'], ['--delete-after']])
      : []),
    ...(command === 'move' ? some(50, '--delete-empty-src-dirs') : []),
    ...(from === 'jotta' && to === 'local'
      ? some(50, '--multi-thread-cutoff', '1M', '--multi-thread-streams', '4')
      : []),
    ...(from === 'local' && to === 'local' ? ['--bwlimit', '40M'] : some(30, '--bwlimit', '60M')),
  ]
}

/** What the destination has: older versions, files that need nothing or their time alone, some under other names, others. */
function drawDest(random: Random, source: Tree, names: Names): Tree {
  const tree: Record<string, Planned> = {
    'old/extra': { label: 'old extra', size: 20, modified: now },
    'a/extra': { label: 'another old extra', size: (1 << 20) + random.below(1 << 20), modified: now },
  }
  for (const [path, file] of Object.entries(source)) {
    const at = names.of(path)
    const chance = random.below(100)
    if (chance < 25) tree[at] = { ...file, label: `old ${path}`, modified: file.modified - 5000, size: file.size + 7 }
    else if (chance < 32) tree[at] = file
    else if (chance < 40) tree[at] = { ...file, modified: file.modified - 100 }
    else if (chance < 55 && names.renamed) tree[`was/${path}`] = file
    else if (chance < 60 && names.respelled) tree[upper(at)] = { ...file, label: `old ${path}`, modified: now - 5000 }
    else if (chance < 70 && names.respelled) tree[upper(at)] = file
  }
  return tree
}

/** The same path with its last name in upper case. */
function upper(path: string): string {
  return path.replace(/[^/]+$/, (name) => name.toUpperCase())
}
