// npm test: set-up, then the one gate.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled } from './set-up.mjs'
import { root } from './tools.mjs'

try {
  ensureInstalled()
  await ensureBuilt()
} catch (error) {
  console.error(error)
  console.log('FAIL set-up\n0 passed, 1 failed')
  process.exit(1)
}
const checked = spawnSync(process.execPath, [join(root, 'scripts/check.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
})
process.exitCode = checked.status ?? 1
