import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The programs in the guides compile and run as they stand, against the built package.

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const work = mkdtempSync(join(tmpdir(), 'fjord-guides-'))
const run = promisify(execFile)
const programs = readdirSync(join(root, 'docs/guides')).flatMap(programsOf)

beforeAll(() => {
  mkdirSync(join(work, 'node_modules'))
  symlinkSync(root, join(work, 'node_modules/fjord'))
  for (const { name, text } of programs) writeFileSync(join(work, `${name}.mts`), text)
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('the programs of docs/guides', () => {
  test('compile', async () => {
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,esnext.disposable',
    ]
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const files = programs.map(({ name }) => `${name}.mts`)
    const compiled = run(process.execPath, [tsc, ...options, ...types, ...files], { cwd: work })
    expect(await compiled.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: '' })
  })

  test.each(programs)('$name runs', async ({ name, text }) => {
    const { code } = await transform(text, { loader: 'ts', target: 'node20' })
    const file = join(work, `${name}.mjs`)
    writeFileSync(file, code)
    await expect(run(process.execPath, [file], { cwd: work })).resolves.toBeDefined()
  })
})

function programsOf(guide: string): { readonly name: string; readonly text: string }[] {
  const found = readFileSync(join(root, 'docs/guides', guide), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)
  return [...found].map(([, text = ''], at) => ({ name: `${guide.replace('.md', '')}-${at + 1}`, text }))
}
