import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dryRunGate } from '../../src/operations/gate.ts'
import { createMemoryRemote } from '../../src/remotes/memory/index.ts'
import { copyDir } from '../../src/sync/copy.ts'
import { emulatedJottacloud } from '../support/emulated-jottacloud.ts'
import { plant, recordRun } from '../support/recorded-run.ts'
import { createAccount } from './fjord.ts'

/** Valid UTF-8, and nothing that Jottacloud's documents could hold. */
const refused = 'bad\uFFFE'

test('a plan has the names that cannot be stored, and what else would be done', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  mkdirSync(join(home, 'mine', `dir${refused}`), { recursive: true })
  mkdirSync(join(home, 'mine', `empty${refused}`))
  writeFileSync(join(home, 'mine', refused), 'refused')
  writeFileSync(join(home, 'mine', `dir${refused}`, 'in it'), 'refused too')
  writeFileSync(join(home, 'mine/good'), 'taken')
  const names = [refused, `dir${refused}/in it`, `empty${refused}`]
  const plan = ['--report', 'plan.json', '--report-failed', 'failed', '--create-empty-src-dirs']
  const ran = await account.run('copy', 'mine', 'jotta:m', '-n', ...plan)
  expect(ran.status).toBe(6)
  for (const name of names) expect(ran.stderr).toContain(`ERROR : ${name}: Failed to`)
  expect(ran.stderr).toContain('is no name of a file or directory')
  expect(ran.stderr).toContain('good: Skipped copy as --dry-run is set (size 5)')
  expect(JSON.parse(readFileSync(join(home, 'plan.json'), 'utf8'))).toMatchObject({
    exitCode: 6,
    found: { new: { files: 3, bytes: 23 } },
    failed: expect.arrayContaining(names.map((path) => expect.objectContaining({ path, code: 'invalid-name' }))),
  })
  expect(readFileSync(join(home, 'failed'), 'utf8').split('\0').toSorted()).toEqual(['', ...names].toSorted())
  expect(emulator.counters.of('allocate').requests + emulator.counters.of('make-directory').requests).toBe(0)

  expect((await account.run('copy', 'mine', 'jotta:m', '--create-empty-src-dirs')).status).toBe(6)
  expect((await account.run('lsf', '-R', 'jotta:m')).stdout).toBe('good\n')
})

test.each([
  [1999, true],
  [2000, false],
] as const)('a plan of 2000 bytes says whether there is room: %i bytes, %s', async (free, said) => {
  await using account = await createAccount()
  const { home, emulator } = account
  mkdirSync(join(home, 'mine'))
  writeFileSync(join(home, 'mine/there'), 'x'.repeat(500))
  expect(await account.run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  emulator.account.set({ quota: 500 + free })
  writeFileSync(join(home, 'mine/there'), 'y'.repeat(1200))
  writeFileSync(join(home, 'mine/new'), 'x'.repeat(800))
  const ran = await account.run('copy', 'mine', 'jotta:m', '-n', '--report', 'plan.json')
  expect(ran.status).toBe(0)
  expect(JSON.parse(readFileSync(join(home, 'plan.json'), 'utf8'))).toMatchObject({
    found: { new: { files: 1, bytes: 800 }, changed: { files: 1, bytes: 1200 } },
    space: { free, wanted: 2000 },
  })
  const notice = "jottacloud root 'm': 1.953Ki are to be transferred, and there is room for 1.952Ki"
  expect(ran.stderr.includes(notice)).toBe(said)
})

test('a run without a report does not ask for the space', async () => {
  await using account = await createAccount()
  mkdirSync(join(account.home, 'mine'))
  writeFileSync(join(account.home, 'mine/new'), 'x')
  account.emulator.account.set({ quota: 0 })
  const ran = await account.run('copy', 'mine', 'jotta:m', '-n')
  expect(ran).toMatchObject({ status: 0, stderr: expect.not.stringContaining('there is room') })
})

test('a plan has the names that are too long once they are stored', async () => {
  await using jotta = await emulatedJottacloud()
  const remote = createMemoryRemote()
  // Quoted, every character takes two
  const names = ['a'.repeat(255), 'b'.repeat(256), '\uFF1A'.repeat(127), '\uFF1A'.repeat(128)]
  await plant(remote, Object.fromEntries(names.map((name) => [`src/${name}`, 'x'])))
  const { ctx, of, lines } = recordRun()
  const dest = { remote: jotta.remote(), path: 'm' }
  const planned = copyDir(ctx, { remote, path: 'src' }, dest, { gate: dryRunGate(ctx.log) })
  await expect(planned).rejects.toMatchObject({ code: 'invalid-name' })
  expect(of('error').map(({ path }) => path)).toEqual([names[1], names[3]])
  for (const name of [names[0], names[2]])
    expect(lines()).toContain(`NOTICE ${name}: Skipped copy as --dry-run is set (size 1)`)
})
