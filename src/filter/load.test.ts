import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../core/context.ts'
import { parent } from '../core/path.ts'
import { timeFrom } from '../core/time.ts'
import { flagName } from '../options/names.ts'
import { flagLookup, resolveOptions } from '../options/resolve.ts'
import type { Filter } from './filter.ts'
import { loadFilter } from './load.ts'
import { filterOptions } from '../options/common/filter.ts'

interface Recorded {
  readonly args: readonly string[]
  readonly listed?: readonly string[]
  readonly fileRules?: readonly string[]
  readonly dirRules?: readonly string[]
  readonly log?: readonly string[]
  readonly error?: string
}

const recorded = recordings()
const before = 'Failed to initialise global options: failed to reload "filter" options: '
const now = Date.parse('2026-08-21T12:00:00Z')
const hour = 3_600_000

describe('what rclone lists', () => {
  test.each(recorded.cases.filter(({ error }) => error === undefined))('$args', async (expected) => {
    const { filter, log } = await load(expected.args)
    expect(walked(filter, Number(valueOf(expected.args, '--max-depth') ?? Infinity))).toEqual(expected.listed)
    expect(rulesOf(filter, 'File')).toEqual(expected.fileRules)
    expect(rulesOf(filter, 'Directory')).toEqual(expected.dirRules)
    const lines = log.filter(({ level }) => level === 'ERROR').map(({ level, text }) => `${level} : ${text}`)
    expect(lines).toEqual(expected.log ?? [])
  })
})

describe('what rclone refuses', () => {
  test.each(recorded.cases.filter(({ error }) => error !== undefined))('$args', async ({ args, error = '' }) => {
    await expect(load(args)).rejects.toMatchObject({ code: 'config', message: error.slice(before.length) })
  })

  test.each([
    [['--hash-filter', '1'], 'filter: --hash-filter: no / found'],
    [['--min-age', '3d', '--max-age', '1d'], `filter: --min-age "3d" can't be larger than --max-age "1d"`],
    [['--include', '/a/***'], 'too many stars in "a/***"'],
    [['--include', '[a/b]'], `mismatched '[' and ']' in glob "[a/"`],
    [['--include', 'a]/b'], `mismatched ']' in glob "a]/b"`],
    [['--include', '{{a'], `mismatched '{{' and '}}' in glob "{{a"`],
    [
      ['--exclude', '/\\y'],
      'bad glob pattern "\\\\y" (regexp "^\\\\y$"): error parsing regexp: invalid escape sequence: `\\y`',
    ],
    [
      ['--files-from0', 'from0.txt', '--max-size', '1k'],
      'the usage of --files-from0 overrides all other filters, it should be used alone or with --files-from or --files-from-raw',
    ],
    [['--metadata-filter', 'a=b'], 'malformed rule "a=b"'],
  ])('%s: %s', async (args, message) => {
    await expect(load(args)).rejects.toMatchObject({ code: 'config', message })
  })
})

describe('directories', () => {
  test.each([
    ['/d//e//x', ['+ ^d/e/$', '+ ^d/$']],
    ['//a', []],
    ['a/**/b/*', ['+ (^|/)a/.*/b/$', '+ (^|/)a/.*/$', '+ (^|/)a/$', '+ (^|/)a/.*/b/[^/]*$']],
    ['x/{a,b}/{c,d}/e', ['+ (^|/)x/(a|b)/(c|d)/$', '+ (^|/)x/(a|b)/$', '+ (^|/)x/$']],
    ['**/', ['+ (^|/).*/$']],
    ['\\{a/b', ['+ (^|/)\\{a/$']],
  ])('that may hold %s', async (pattern, rules) => {
    expect(rulesOf((await load(['--filter', `+ ${pattern}`])).filter, 'Directory')).toEqual(rules)
  })

  test.each(['{a/b}/c', '{a**}/b', '{a{b}c}/d', '{{a}}/b'])('that may hold %s are all of them', async (pattern) => {
    const { filter, log } = await load(['--filter', `+ ${pattern}`])
    expect(filter.recursiveListing).toBe(true)
    const text = `Can't figure out directory filters from "${pattern}": looking in all directories`
    expect(log).toEqual([{ level: 'DEBUG', text }])
  })

  test.each([
    [[], true],
    [['--include', '*.jpg', '--max-size', '1k', '--hash-filter', '1/2'], true],
    [['--include', '/*.jpg'], false],
    [['--exclude', 'dir/'], false],
    [['--exclude-if-present', '.nobackup'], false],
    [['--files-from', 'fromfile.txt'], false],
  ])('%s: can be listed at once: %s', async (args, atOnce) => {
    expect((await load(args)).filter.recursiveListing).toBe(atOnce)
  })

  test('of listed files are the only ones', async () => {
    const { filter } = await load(['--files-from', '-'], 'a/b/c\n/d\n')
    expect(['', 'a', 'a/b', 'a/b/c', 'e'].filter((path) => filter.includesDir(path))).toEqual(['', 'a', 'a/b'])
  })
})

describe('limits', () => {
  test('of age and size include both ends', async () => {
    const { filter } = await load(['--max-age', '2h', '--min-age', '1h', '--min-size', '8b', '--max-size', '9b'])
    const judge = (size: number | undefined, age: number): boolean =>
      filter.includesFile({ path: 'a', size, modified: timeFrom(now - age) })
    expect([judge(8, hour), judge(9, 2 * hour)]).toEqual([true, true])
    expect([judge(7, hour), judge(10, hour), judge(undefined, hour)]).toEqual([false, false, false])
    expect([judge(8, hour - 1), judge(8, 2 * hour + 1)]).toEqual([false, false])
  })

  test('are shown before the rules', async () => {
    const { filter } = await load([
      '--max-age',
      '90m',
      '--max-size',
      '10k',
      '--metadata-exclude',
      'mode=*',
      '--exclude',
      'a',
    ])
    expect(filter.dump()).toEqual([
      '--- start filters ---',
      'Last-modified date must be equal or greater than: 2026-08-21 10:30:00 +0000 UTC',
      'Maximum size is: 10 KiB',
      '--- File filter rules ---',
      '- (^|/)a$',
      '--- Directory filter rules ---',
      '--- Metadata filter rules ---',
      '- (^|/)mode=[^/]*$',
      '--- end filters ---',
    ])
  })
})

describe('metadata', () => {
  test('is matched as key=value', async () => {
    const { filter } = await load(['--metadata-include', 'mode=100600', '--exclude', 'b'])
    const judge = (path: string, metadata: Record<string, string>): boolean =>
      filter.includesFile({ path, size: 1, modified: 0n, metadata })
    expect(judge('a', { uid: '0', mode: '100600' })).toBe(true)
    expect([judge('b', { mode: '100600' }), judge('a', { mode: '100644' }), judge('a', {})]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('that is not known stops the run instead of guessing', async () => {
    const { filter } = await load(['--metadata-exclude', 'mode=*'])
    expect(filter.needsMetadata).toBe(true)
    expect(() => filter.includesFile({ path: 'a', size: 1, modified: 0n })).toThrow('a: filters for metadata need')
  })
})

describe('a filter', () => {
  test.each([
    [[], false],
    [['--ignore-case', '--delete-excluded', '--include', '', '--max-size', 'off', '--filter', '!'], false],
    [['--filter', '+ dir/'], true],
    [['--max-age', '1h'], true],
    [['--hash-filter', '@/3'], true],
    [['--exclude-if-present', 'x'], true],
    [['--files-from', '-'], true],
  ])('of %s is active: %s', async (args, active) => {
    expect((await load(args)).filter.active).toBe(active)
  })

  test('is given standard input once', async () => {
    const { filter } = await load(['--exclude-from', '-', '--filter-from', '-'], '*.a\n')
    expect(rulesOf(filter, 'File')).toEqual(['- (^|/)[^/]*\\.a$'])
  })

  test('sees bytes that are no UTF-8 as one character each', async () => {
    const { filter } = await load(['--exclude', 'x??', '--exclude', '{{y\\pS}}'])
    const kept = ['x\uDCFF\uDC80', 'y\uDCFF', 'x\uDCFF', 'z\uDCFF'].filter((path) =>
      filter.includesFile({ path, size: 1, modified: 0n }),
    )
    expect(kept).toEqual(['x\uDCFF', 'z\uDCFF'])
  })

  test('leaves out listed paths that lead out of the root, and says so', async () => {
    const { filter, log } = await load(['--files-from-raw', '-'], './a//b/\n../c\n d\r\n\n/\n')
    expect(filter.files).toEqual(['a/b', ' d'])
    expect(log).toEqual([{ level: 'NOTICE', object: '../c', text: 'Left out: the path leads out of the root' }])
  })

  test('says in the words of the system why a list cannot be read', async () => {
    await expect(load(['--exclude-from', '.'])).rejects.toThrow(/^read \.: .*directory$/)
  })
})

async function load(args: readonly string[], input = ''): Promise<{ filter: Filter; log: readonly LogRecord[] }> {
  const log: LogRecord[] = []
  const filter = await loadFilter(resolveOptions(filterOptions, [flagLookup(givenBy(args))]), {
    readFile: async (path) => recorded.inputs.get(path) ?? (await readFile(join(import.meta.dirname, path))),
    readStandardInput: () => Promise.resolve(Buffer.from(input)),
    now: () => now,
    log: { log: (record) => void log.push(record), enabled: () => true },
  })
  return { filter, log }
}

function givenBy(args: readonly string[]): Map<string, readonly string[]> {
  const given = new Map<string, readonly string[]>()
  for (const [key, option] of Object.entries(filterOptions)) {
    const flag = `--${flagName(key)}`
    const texts = args.flatMap((arg, at) =>
      arg === flag ? [option.type.flag === 'bool' ? 'true' : (args[at + 1] ?? '')] : [],
    )
    if (texts.length > 0) given.set(key, texts)
  }
  return given
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined
}

/** The files of the recorded tree that a walk which asks the filter finds. */
function walked(filter: Filter, maxDepth: number): readonly string[] {
  const files = recorded.tree.filter((path) => path.split('/').length <= maxDepth)
  if (filter.files) return files.filter((path) => filter.files?.includes(path)).sort()
  const isMarked = (dir: string): boolean =>
    files.some(
      (path) => parent(path) === dir && filter.excludeIfPresent.includes(path.slice(dir.length).replace('/', '')),
    )
  const isEntered = (dir: string): boolean =>
    filter.includesDir(dir) && !isMarked(dir) && (dir === '' || isEntered(parent(dir)))
  const judged = (path: string): boolean => filter.includesFile({ path, size: path.length, modified: timeFrom(now) })
  return files.filter((path) => isEntered(parent(path)) && judged(path)).sort()
}

function rulesOf(filter: Filter, kind: 'File' | 'Directory'): readonly string[] {
  const lines = filter.dump().slice(filter.dump().indexOf(`--- ${kind} filter rules ---`) + 1)
  return lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('---')),
  )
}

function recordings(): { tree: readonly string[]; inputs: ReadonlyMap<string, Buffer>; cases: readonly Recorded[] } {
  const file = new URL('../../test/golden/vectors/filters.json', import.meta.url)
  const { tree, inputs, cases } = JSON.parse(readFileSync(file, 'utf8'))
  const bytes = Object.entries(inputs).map(([name, text]) => [name, Buffer.from(String(text))] as const)
  return { tree, inputs: new Map(bytes), cases }
}
