import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'

// The programs in the guides run as they stand, against the built package.

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const work = mkdtempSync(join(tmpdir(), 'fjord-guides-'))
const run = promisify(execFile)

afterAll(() => rmSync(work, { recursive: true, force: true }))

describe.each(readdirSync(join(root, 'docs/guides')).filter(hasProgram))('docs/guides/%s', (guide) => {
  const programs = [...readFileSync(join(root, 'docs/guides', guide), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)]

  test.each(programs.map(([, text = ''], at) => ({ text, at: at + 1 })))('program $at runs', async ({ text, at }) => {
    mkdirSync(join(work, 'node_modules'), { recursive: true })
    rmSync(join(work, 'node_modules/fjord'), { force: true })
    symlinkSync(root, join(work, 'node_modules/fjord'))
    const { code } = await transform(text, { loader: 'ts', target: 'node20' })
    const file = join(work, `${guide}-${at}.mjs`)
    writeFileSync(file, code)
    await expect(run(process.execPath, [file], { cwd: work })).resolves.toBeDefined()
  })
})

function hasProgram(name: string): boolean {
  return name.endsWith('.md') && /^```ts$/m.test(readFileSync(join(root, 'docs/guides', name), 'utf8'))
}
