import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fjord } from './fjord.ts'
import { hasNobody, nobody } from './nobody.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-reports-'))
  mkdirSync(join(home, 'mine'))
})
afterEach(() => rmSync(home, { recursive: true }))

test('reports have one line for each path, whatever its name', async () => {
  writeFileSync(join(home, 'mine/two\nlines'), 'x')
  const reports = ['--combined', 'all', '--missing-on-dst', 'new', '--dest-after', 'after']
  expect(await fjord(['copy', 'mine', 'new-place', ...reports], { home })).toMatchObject({ status: 0 })
  const [all, fresh, after] = ['all', 'new', 'after'].map((name) => readFileSync(join(home, name), 'utf8'))
  expect([all, fresh, after]).toEqual(['+ two␊lines\n', 'two␊lines\n', 'two␊lines\n'])
})

test('a report that cannot be opened ends the run before anything is copied', async () => {
  writeFileSync(join(home, 'mine/a'), 'x')
  const { status, stderr } = await fjord(['copy', 'mine', 'new', '--combined', 'nowhere/all'], { home })
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/Failed to copy: open nowhere\/all: no such file or directory\n$/),
  ])
  expect(await fjord(['lsf', 'new'], { home })).toMatchObject({ status: 3 })
})

test.skipIf(!hasNobody)('a hash that cannot be had leaves its field empty', async () => {
  writeFileSync(join(home, 'mine/a'), 'x')
  writeFileSync(join(home, 'mine/b'), 'x')
  chmodSync(join(home, 'mine/a'), 0)
  chmodSync(home, 0o777)
  const asNobody = { home, uid: nobody }
  const expected = 'a;\nb;9dd4e461268c8034f5c8564e155c67a6\n'
  const listed = await fjord(['lsf', 'mine', '--format', 'ph'], asNobody)
  expect(listed).toMatchObject({ status: 0, stdout: expected })
  expect(listed.stderr).toContain('ERROR : a: Failed to read hash: open mine/a: permission denied')
  mkdirSync(join(home, 'empty'))
  const after = await fjord(['copy', 'empty', 'mine', '--dest-after', '-', '--format', 'ph'], asNobody)
  expect(after).toMatchObject({ status: 0, stdout: expected })
})

test.runIf(hasNobody)('what is below a directory that could not be listed is tried again', async () => {
  mkdirSync(join(home, 'mine/closed/deep'), { recursive: true })
  for (const file of ['a', 'closed/b', 'closed/deep/c']) writeFileSync(join(home, 'mine', file), 'x')
  chmodSync(home, 0o777)
  chmodSync(join(home, 'mine/closed'), 0)
  const user = { home, uid: nobody }
  const args = ['copy', 'mine', 'new', '--retries', '1', '--report-failed', 'failed', '--report', 'all']
  expect(await fjord(args, user)).toMatchObject({ status: 1 })
  expect(readFileSync(join(home, 'failed'), 'utf8')).toBe('closed/\0')
  const { failed } = JSON.parse(readFileSync(join(home, 'all'), 'utf8'))
  expect(failed).toMatchObject([{ path: 'closed', code: 'permission', unlisted: true }])
  chmodSync(join(home, 'mine/closed'), 0o755)
  writeFileSync(join(home, 'mine/later'), 'x')
  expect(await fjord([...args, '--files-from0', 'failed'], user)).toMatchObject({ status: 0 })
  expect((await fjord(['lsf', '-R', '--files-only', 'new'], user)).stdout).toBe('a\nclosed/b\nclosed/deep/c\n')
  expect(readFileSync(join(home, 'failed'), 'utf8')).toBe('')
})
