import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fjord, fjordWithInput, startFjord } from './fjord.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-cut-off-'))
  mkdirSync(join(home, 'src/sub'), { recursive: true })
  for (const name of files) writeFileSync(join(home, 'src', name), name.repeat(name === first ? 1 : 20_000))
})
afterEach(() => rmSync(home, { recursive: true }))

/** Comes at once, however slow the others are. */
const first = 'aaaaaa'
const files = [first, 'bbbbbb', 'cccccc', 'dddddd', 'eeeeee', 'sub/ff', 'sub/gg']
const slow = ['--bwlimit', '100k', '--transfers', '2', '--retries', '1']
const reports = ['--report', 'report.json', '--report-failed', 'failed']

function left(dir: string): readonly string[] {
  const all = readdirSync(join(home, dir), { recursive: true, encoding: 'utf8' })
  return all.filter((name) => files.includes(name)).toSorted()
}

function failed(): { readonly paths: readonly string[]; readonly codes: readonly string[] } {
  const paths = readFileSync(join(home, 'failed'), 'utf8').split('\0').slice(0, -1).toSorted()
  const report = JSON.parse(readFileSync(join(home, 'report.json'), 'utf8')) as {
    readonly failed: readonly { readonly path: string; readonly code: string }[]
  }
  const named = report.failed.filter(({ path }) => path !== '')
  expect(named.map(({ path }) => path).toSorted()).toEqual(paths)
  return { paths, codes: [...new Set(named.map(({ code }) => code))] }
}

test.each([
  [['--max-duration', '3s'], 10, 'duration-limit'],
  [['--max-duration', '3s', '--cutoff-mode', 'SOFT'], 10, 'duration-limit'],
  [['--max-duration', '3s', '--cutoff-mode', 'CAUTIOUS'], 10, 'duration-limit'],
  [['--max-transfer', '300k'], 8, 'transfer-limit'],
  [['--max-transfer', '300k', '--cutoff-mode', 'SOFT'], 8, 'transfer-limit'],
  [['--max-transfer', '300k', '--cutoff-mode', 'CAUTIOUS'], 8, 'transfer-limit'],
] as const)(
  'what %j keeps from arriving is in --report-failed, and the next run brings it',
  async (limit, status, code) => {
    const ran = await fjord(['copy', 'src', 'dst', ...slow, ...limit, ...reports], { home })
    expect(ran.status, ran.stderr).toBe(status)
    const { paths, codes } = failed()
    expect(paths.length).toBeGreaterThan(0)
    expect(paths.length).toBeLessThan(files.length)
    expect([...paths, ...left('dst')].toSorted()).toEqual(files)
    expect(codes).toEqual([code])
    expect(await fjord(['copy', 'src', 'dst', '--files-from0', 'failed', ...reports], { home })).toMatchObject({
      status: 0,
    })
    expect(left('dst')).toEqual(files)
    expect(failed().paths).toEqual([])
  },
)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'what %s keeps from being moved is in --report-failed, and the next run brings it',
  async (signal, status) => {
    const running = startFjord(['move', '-v', 'src', 'dst', '--disable', 'move,dirMove', ...slow, ...reports], { home })
    for (let waited = 0; !running.stderr().includes('Copied (new)') && waited < 20_000; waited += 20)
      await setTimeout(20)
    running.send(signal)
    expect((await running.ended).status).toBe(status)
    const { paths, codes } = failed()
    expect(paths.length).toBeGreaterThan(0)
    expect(paths).toEqual(left('src'))
    expect(codes).toEqual(['interrupted'])
    expect(await fjord(['move', 'src', 'dst', '--files-from0', 'failed'], { home })).toMatchObject({ status: 0 })
    expect([left('src'), left('dst')]).toEqual([[], files])
  },
)

test('what somebody who is asked does not want has not failed', async () => {
  const ran = await fjordWithInput(['copy', '-i', 'src', 'dst', ...reports], { home }, Buffer.from('n\nq\n'))
  expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('Quitting') })
  expect(readdirSync(home)).not.toContain('dst')
  expect(failed().paths).toEqual([])
})
