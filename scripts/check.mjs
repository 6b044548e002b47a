// npm run check: the one gate. Every step runs, so that one call shows all that is wrong; the last line counts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled } from './set-up.mjs'
import { root, toolPath } from './tools.mjs'

ensureInstalled()
await ensureBuilt()

const report = join(mkdtempSync(join(tmpdir(), 'fjord-check-')), 'tests.json')
const steps = [
  ['format', 'oxfmt', ['--check', 'src', 'test', 'scripts', 'bench']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', 'src', 'test']],
  ['types', 'typescript', ['--noEmit', '-p', 'tsconfig.json']],
  ['docs', undefined, ['scripts/docs.mjs', '--check']],
  ['dead code', 'knip', []],
  ['tests', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile=${report}`]],
]

let passed = 0
let failed = 0
let skipped = 0
for (const [name, tool, args] of steps) {
  const started = Date.now()
  const script = tool === undefined ? args : [join(root, 'node_modules', toolPath(tool)), ...args]
  const { status } = spawnSync(process.execPath, script, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const ok = status === 0
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (name !== 'tests') {
    if (ok) passed++
    else failed++
    continue
  }
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0 }
  passed += counts.numPassedTests
  skipped += counts.numPendingTests ?? 0
  failed += Math.max(counts.numFailedTests, ok ? 0 : 1)
}
rmSync(join(report, '..'), { recursive: true, force: true })
if (skipped > 0) console.log(`${skipped} skipped: a program or a right that they need is missing`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
