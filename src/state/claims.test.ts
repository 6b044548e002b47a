import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
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
console.log('done')
process.stdin.resume() // alive as long as the other, which would find its claims abandoned
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
  const children = [1, 2].map(() => spawn(execPath, [join(dir, 'claimer.mjs'), join(dir, 'records'), begin]))
  const claimedBy = async (child: ChildProcessWithoutNullStreams): Promise<readonly string[]> => {
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      if (line === 'done') break
      lines.push(line)
    }
    return lines
  }
  const [one = [], other = []] = await Promise.all(children.map(claimedBy))
  for (const child of children) child.stdin.end()
  expect(one.filter((path) => other.includes(path))).toEqual([])
  expect(one.length + other.length).toBeGreaterThan(0)
})
