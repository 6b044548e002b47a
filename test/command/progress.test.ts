import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasTerminals, onTerminal } from '../support/on-terminal.ts'
import { screenOf } from '../support/screen.ts'
import { bin, fjord } from './fjord.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-progress-'))
  mkdirSync(join(home, 'src'))
})
afterEach(() => rmSync(home, { recursive: true }))

/** Four files that take about a second together. */
const slow = ['copy', 'src', 'dst', '--bwlimit', '600k']

function plant(names: readonly string[]): void {
  for (const name of names) writeFileSync(join(home, 'src', name), 'x'.repeat(200_000))
}

/** What a terminal shows when the copy is over, its log and its last block. */
async function copied(size: { readonly columns: number; readonly rows: number }, args: readonly string[] = []) {
  const argv = [process.execPath, bin, ...slow, '-P', '--stats', '20ms', ...args]
  const env = { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', TERM: 'xterm', RCLONE_CONFIG: '' }
  const { screen, status } = await onTerminal(argv, [], { cwd: home, env, size })
  expect(status).toBe(0)
  const lines = screenOf(screen, size)
  const at = lines.findIndex((line) => line.startsWith('Transferred:'))
  return { drawn: screen.split('Transferred:').length - 1, above: lines.slice(0, at), block: lines.slice(at) }
}

describe.skipIf(!hasTerminals)('-P', () => {
  const names = ['a'.repeat(60), '日本語の長い名前'.repeat(6), '😀'.repeat(40), 'short']

  test.each([[80], [30], [12]])('on a terminal of %i columns leaves the log and one block', async (columns) => {
    plant(names)
    const log = ['-v', '--stats-log-level', 'DEBUG', '--log-format', 'nolevel', '--stats-file-name-length', '0']
    const { drawn, above, block } = await copied({ columns, rows: 24 }, log)
    expect(drawn).toBeGreaterThan(5)
    expect(block).toEqual([
      expect.stringMatching(/^Transferred:/),
      'Checks:                 0 / 0, -, Listed 4'.slice(0, columns).trimEnd(),
      'Transferred:            4 / 4, 100%'.slice(0, columns).trimEnd(),
      expect.stringMatching(/^Elapsed time/),
      '',
    ])
    // Spaces at the end of a line of the terminal cannot be told from none
    const text = above.join('').replaceAll(' ', '')
    const lines = ['Starting bandwidth limiter at 600Ki Byte/s', ...names.map((name) => `${name}: Copied (new)`)]
    const expected = lines.map((line) => line.replaceAll(' ', ''))
    for (const line of expected) expect(text).toContain(line)
    expect(text).toHaveLength(expected.join('').length)
  })

  test('is never higher than the terminal', async () => {
    plant(['a', 'b', 'c', 'd'])
    const { drawn, above, block } = await copied({ columns: 60, rows: 6 })
    expect(drawn).toBeGreaterThan(5)
    expect(above).toEqual([])
    expect(block).toHaveLength(5)
  })
})

test('--stats-one-line logs one line every so often and at the end', async () => {
  plant(['a', 'b', 'c', 'd'])
  const ran = await fjord([...slow, '-v', '--stats', '20ms', '--stats-one-line', '--transfers', '1'], { home })
  const stats = ran.stderr.split('\n').filter((line) => line.includes('ETA'))
  expect(stats.length).toBeGreaterThan(3)
  const [date, done] = [String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`, String.raw`[\d.]+ (Ki)?B / [\d.]+ (Ki)?B`]
  const line = new RegExp(
    String.raw`^${date} INFO  : {1,12}${done}, (\d+%|-), [\d.]+ (Ki)?B/s, ETA [\w-]+( \(xfr#\d/4\))?$`,
  )
  for (const each of stats) expect(each).toMatch(line)
  expect(stats.some((each) => /\(xfr#[123]\/4\)$/.test(each))).toBe(true)
  const dated = ['-v', '--stats-one-line-date', '--log-format', 'nolevel']
  const plain = await fjord(['copy', 'src', 'one', ...dated], { home })
  expect(plain.stderr).toMatch(new RegExp(`^${date} - {3}781\\.250 KiB / `, 'm'))
  const formatted = await fjord(['copy', 'src', 'two', ...dated, '--stats-one-line-date-format', '02 Jan> '], { home })
  expect(formatted.stderr).toMatch(/^\d\d [A-Z][a-z]{2}> {3}781\.250 KiB \/ /m)
  expect(stats.at(-1)).toMatch(/781\.250 KiB \/ 781\.250 KiB, 100%, /)
})
