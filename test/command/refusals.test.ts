import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { createAccount } from './fjord.ts'
import { snapshot } from './trees.ts'

// What cannot be meant is refused by name before anything is changed, with rclone's exit code
let account: Account

beforeAll(async () => {
  account = await createAccount()
  const config = join(account.home, 'fjord.conf')
  const section = readFileSync(config, 'utf8')
  appendFileSync(config, `\n${section.replace('[jotta]', '[second]')}\n[al]\ntype = alias\nremote = jotta:a\n`)
})
beforeEach(() => {
  rmSync(join(account.home, 'tree'), { recursive: true, force: true })
  for (const dir of ['src/in', 'dst']) mkdirSync(join(account.home, 'tree', dir), { recursive: true })
  for (const file of ['src/a.txt', 'src/in/b.jpg', 'dst/z']) writeFileSync(join(account.home, 'tree', file), file)
  writeFileSync(join(account.home, 'list'), 'a.txt\n')
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

const run = (...args: readonly string[]): Promise<Ran> => account.run(...args)

/** That a command ends with this status and text, and has changed neither the disk nor, where it is about it, the account. */
async function refused(args: readonly string[], status: number, text: string): Promise<void> {
  const root = join(account.home, 'tree')
  const far = async (): Promise<string> =>
    args.some((each) => each.includes(':')) ? (await run('lsf', '-R', 'jotta:')).stdout : ''
  const before = [snapshot(root), await far()]
  const ran = await run(...args)
  expect(ran.status, ran.stderr).toBe(status)
  expect(ran.stderr).toContain(text)
  expect([snapshot(root), await far()]).toEqual(before)
}

describe('flags that contradict each other', () => {
  const filters = 'overrides all other filters, it should be used alone or with --files-from'
  const ages = 'filter: --min-age "3d" can\'t be larger than --max-age "1d"'

  test.each([
    [
      ['--delete-before', '--delete-after'],
      1,
      'Only one of --delete-before, --delete-during or --delete-after can be used.',
    ],
    [['--delete-during', '--delete-before'], 1, 'Only one of --delete-before'],
    [['--delete-before', '--track-renames'], 7, "can't use --delete-before with --track-renames"],
    [['--compare-dest', 'tree/x', '--copy-dest', 'tree/y'], 1, "can't use --compare-dest with --copy-dest"],
    [['--copy-dest', 'tree/x'], 7, "can't use --copy-dest on a remote which doesn't support server side copy"],
    [['--no-check-dest'], 1, "can't use --no-check-dest with sync: use copy instead"],
    [['--files-from', 'list', '--include', '*.txt'], 1, filters],
    [['--files-from', 'list', '--exclude', '*.txt'], 1, filters],
    [['--files-from', 'list', '--max-size', '1k'], 1, filters],
    [
      ['--files-from0', 'list', '--exclude-if-present', 'x'],
      1,
      'the usage of --files-from0 overrides all other filters',
    ],
    [['--min-age', '3d', '--max-age', '1d'], 1, ages],
    [['--links', '--copy-links'], 1, "can't use -l/--links with -L/--copy-links"],
    [['-v', '-q'], 1, "Can't set -v and -q"],
    [['-v', '--log-level', 'INFO'], 1, "Can't set -v and --log-level"],
    [['-q', '--log-level', 'INFO'], 1, "Can't set -q and --log-level"],
    [
      ['--partial-suffix', '.12345678901234567'],
      1,
      '--partial-suffix: Expecting suffix length not greater than 16 but got 18',
    ],
    [['--order-by', 'size,sideways'], 7, 'unknown --order-by sort direction "sideways"'],
    [['--track-renames', '--track-renames-strategy', 'luck'], 1, 'unknown track renames strategy "luck"'],
    [['--track-renames', '--track-renames-strategy', ''], 1, '--track-renames-strategy needs hash, modtime or leaf'],
    [
      ['--compare-dest', 'tree/src/a.txt'],
      7,
      'failed to make fs for --compare-dest ["tree/src/a.txt"]: is a file not a directory',
    ],
    [['--max-delete-percent', '101'], 1, '--max-delete-percent 101 is more than all'],
    [['--min-source-percent', '150'], 1, '--min-source-percent 150 is more than all'],
    [['--hash-filter', '5'], 1, 'filter: --hash-filter: no / found'],
    [['--metadata-set', 'x'], 1, "Failed to parse 'x' as metadata key=value."],
    [['--cutoff-mode', 'NEVER'], 2, 'invalid choice "NEVER" from: HARD, SOFT, CAUTIOUS'],
    [['--bwlimit', '10x'], 2, "bad suffix 'x'"],
  ] as const)('%j', async (flags, status, text) => {
    await refused(['sync', 'tree/src', 'tree/dst', ...flags, '--retries', '1'], status, text)
  })

  test('copy and --immutable with a destination that nobody looks at', async () => {
    const args = ['copy', 'tree/src', 'tree/dst', '--immutable', '--no-check-dest', '--retries', '1']
    await refused(args, 1, "can't use --no-check-dest with --immutable")
  })
})

describe('a pattern that does not parse', () => {
  const bad = (pattern: string, why: string) => [pattern, why] as const
  test.each([
    bad('[a', `mismatched '[' and ']' in glob "[a"`),
    bad('a]', `mismatched ']' in glob "a]"`),
    bad('{a', `mismatched '{' and '}' in glob "{a"`),
    bad('a}', `mismatched '{' and '}' in glob "a}"`),
    bad('{{a', `mismatched '{{' and '}}' in glob "{{a"`),
    bad('a***', 'too many stars in "a***"'),
    bad('{{(}}', 'error parsing regexp: missing closing )'),
    bad('{{a{2,1}}}', 'error parsing regexp: invalid repeat count: `{2,1}`'),
    bad('{{(?=x)}}', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'),
    bad('{{\\1}}', 'error parsing regexp: invalid escape sequence: `\\1`'),
    bad('{{[z-a]}}', 'error parsing regexp: invalid character class range: `z-a`'),
    bad('{{*}}', 'error parsing regexp: missing argument to repetition operator: `*`'),
  ])('%s is named, exit 1, in every kind of rule and list', async (pattern, why) => {
    writeFileSync(join(account.home, 'rules'), `- ${pattern}\n`)
    writeFileSync(join(account.home, 'patterns'), `${pattern}\n`)
    const kinds = [
      ['--include', pattern],
      ['--exclude-from', 'patterns'],
      ['--filter', `+ ${pattern}`],
      ['--filter-from', 'rules'],
    ]
    for (const flags of kinds)
      await refused(['sync', 'tree/src', 'tree/dst', ...flags], 1, `failed to reload "filter" options: `)
    await refused(['delete', 'tree/dst', '--include', pattern], 1, why)
  })

  test.each([['no sign'], ['+no-space'], ['= a']])('the rule %j, and a list that is not there', async (rule) => {
    await refused(['sync', 'tree/src', 'tree/dst', '--filter', rule], 1, `malformed rule "${rule}"`)
    await refused(
      ['sync', 'tree/src', 'tree/dst', '--filter-from', 'nosuch'],
      1,
      'open nosuch: no such file or directory',
    )
  })
})

describe('source and destination that overlap', () => {
  const overlap = "can't sync or move files on overlapping remotes"

  test.each([
    ['sync', 'tree/src', 'tree/src/in'],
    ['sync', 'tree/src/in', 'tree/src'],
    ['sync', 'tree/src', 'tree/link/new'],
    ['move', 'tree/link', 'tree/src/in'],
    ['sync', 'tree/src', 'tree/./src/../link/in'],
    ['sync', 'jotta:a', 'jotta:a/b'],
    ['sync', 'jotta:a', 'second:a/b'],
    ['sync', 'jotta:a', 'second:A/B'],
    ['sync', 'jotta:a/b', 'jotta,hard_delete:a'],
    ['move', 'al:', 'second:a/b'],
    ['move', 'al:b', 'jotta,encoding=None:a'],
  ])('%s %s %s is refused, exit 7', async (...args) => {
    symlinkSync('src', join(account.home, 'tree/link'))
    await run('copy', 'tree/src', 'jotta:a/b')
    await refused([...args, '--retries', '1'], 7, overlap)
  })

  test.each([
    ['tree/src', 'tree/dst', 'tree/dst/old', 'destination'],
    ['tree/src', 'tree/dst', 'tree/link/old', 'source'],
    ['jotta:a', 'second:c', 'second,hard_delete:c/old', 'destination'],
    ['jotta:a', 'second:c', 'al:old', 'source'],
  ])('sync %s %s --backup-dir %s is refused: that of the %s', async (source, dest, backup, which) => {
    symlinkSync('src', join(account.home, 'tree/link'))
    const args = ['sync', source, dest, '--backup-dir', backup, '--retries', '1']
    await refused(args, 7, `${which} and parameter to --backup-dir mustn't overlap`)
  })

  test.each([
    ['tree/src', 'tree/link'],
    ['jotta:a', 'second:a'],
    ['al:', 'jotta,hard_delete:A'],
  ])('%s is %s: move and copy have nothing to do, sync is refused', async (source, dest) => {
    symlinkSync('src', join(account.home, 'tree/link'))
    for (const command of ['move', 'copy'])
      await refused([command, source, dest], 0, 'Nothing to do as source and destination are the same')
    await refused(['sync', source, dest], 7, "can't sync or move files on overlapping remotes")
  })
})
