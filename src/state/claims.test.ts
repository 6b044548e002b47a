import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Claims a file every few milliseconds, at moments that all processes share, and says which it got. */
const claimer = `
import { createUnfinishedFiles } from './unfinished.ts'
const [root, begin] = process.argv.slice(2)
const { claim } = createUnfinishedFiles(root, Date.now)
claim('warm up ' + process.pid)
for (let i = 0; i < 300; i++) {
  while (Date.now() < Number(begin) + 5 * i);
  if (claim('p' + i) !== 'taken') console.log('p' + i)
}
`

let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-claims-'))
  await build({
    stdin: { contents: claimer, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: join(dir, 'claimer.mjs'),
  })
})
afterAll(() => rmSync(dir, { recursive: true }))

test('of two processes that want a file at the same moment not more than one has it', async () => {
  const begin = String(Date.now() + 500)
  const run = async (): Promise<readonly string[]> => {
    const args = [join(dir, 'claimer.mjs'), join(dir, 'records'), begin]
    const { stdout } = await promisify(execFile)(execPath, args)
    return stdout.split('\n').filter((line) => line !== '')
  }
  const [one, other] = await Promise.all([run(), run()])
  expect(one.filter((path) => other.includes(path))).toEqual([])
  expect(one.length + other.length).toBeGreaterThan(0)
})
