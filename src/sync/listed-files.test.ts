import { Buffer } from 'node:buffer'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import { silent } from '../core/context.ts'
import { loadFilter } from '../filter/load.ts'
import { walk } from '../operations/walk.ts'
import { filterOptions } from '../options/common/filter.ts'
import { resolveOptions } from '../options/resolve.ts'
import type { LocalOptions } from '../remotes/local/index.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { copyDir } from './copy.ts'
import type { OutcomeListener } from './outcome.ts'
import { syncDir } from './sync.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-listed-'))
  for (const sub of ['src/d', 'dst']) mkdirSync(join(dir, sub), { recursive: true })
  for (const file of ['src/a', 'src/d/b', 'dst/gone', 'dst/broken']) writeFileSync(join(dir, file), file)
  symlinkSync('nowhere', join(dir, 'src/broken'))
  symlinkSync('src', join(dir, 'dirlink'))
  symlinkSync('src/a', join(dir, 'filelink'))
})
afterEach(() => rmSync(dir, { recursive: true }))

interface Run {
  readonly list: string
  readonly noTraverse?: boolean
  readonly disk?: LocalOptions
  readonly from?: string
}

const at = (sub: string) => join(dir, sub).slice(1)

async function run(
  work: typeof syncDir | 'walk',
  { list, noTraverse = false, disk, from = 'src' }: Run,
): Promise<{ readonly error: unknown; readonly lines: readonly string[]; readonly failed: readonly string[] }> {
  const remote = createLocalRemote(disk)
  const read = () => Promise.resolve(Buffer.from(list))
  const values = { ...resolveOptions(filterOptions, []), filesFrom: ['list'], noTraverse }
  const filter = await loadFilter(values, { readFile: read, readStandardInput: read, now: () => 0, log: silent })
  const { ctx, lines } = recordRun()
  const source = { remote, path: at(from) }
  const walked = async (): Promise<void> => {
    for await (const _ of walk(ctx, source, { filter }));
  }
  const failed: string[] = []
  const onOutcome: OutcomeListener = ({ kind, path }) => void (kind === 'error' && failed.push(path))
  const done =
    work === 'walk' ? walked() : work(ctx, source, { remote, path: at('dst') }, { filter, noTraverse, onOutcome })
  const error: unknown = await done.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { error, lines: lines(), failed }
}

test.for([syncDir, copyDir, 'walk'] as const)(
  'a directory in a list of files is an error with --no-traverse, and the files are there (%o)',
  async (work) => {
    const list = 'a\nd\nd/b\ngone\n'
    const { error, lines, failed } = await run(work, { list, noTraverse: true })
    expect(error).toMatchObject({ code: work === syncDir ? expect.anything() : 'is-dir' })
    expect(lines.join('\n')).toContain('d: --files-from failed to read file: is a directory not a file')
    expect(failed).toEqual(work === syncDir ? ['gone'] : [])
    // Nothing that the list names is deleted after an error
    if (work !== 'walk') expect(readdirSync(join(dir, 'dst'))).toEqual(['a', 'broken', 'd', 'gone'])
    expect((await run(work, { list })).error).toBeUndefined()
    if (work === syncDir) expect(readdirSync(join(dir, 'dst'))).toEqual(['a', 'broken', 'd'])
  },
)

test.for([{}, { noTraverse: true }])('a sync deletes nothing when a listed link leads nowhere: %o', async (o) => {
  const { lines } = await run(syncDir, { list: 'broken\na\ngone\n', disk: { copyLinks: true }, ...o })
  expect(lines.join('\n')).toMatch(/broken: Listing error: symlink: stat .*no such file/)
  expect(readdirSync(join(dir, 'dst'))).toEqual(['a', 'broken', 'gone'])
  const { error } = await run('walk', { list: 'broken\na\n', disk: { copyLinks: true } })
  expect(error).toMatchObject({ retry: 'never' })
})

test('what is listed below a link that is named is found; a link to a file is no directory', async () => {
  expect((await run(copyDir, { list: 'd/b\n', from: 'dirlink' })).error).toBeUndefined()
  expect(readdirSync(join(dir, 'dst/d'))).toEqual(['b'])
  expect((await run(copyDir, { list: 'a\n', from: 'filelink' })).error).toMatchObject({ code: 'not-dir' })
  expect((await run(copyDir, { list: 'a\n', from: 'nowhere' })).error).toMatchObject({ code: 'dir-not-found' })
})
