// npm start [-- FOLDER]: set-up, then the demo.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled } from './set-up.mjs'
import { root } from './tools.mjs'

ensureInstalled()
await ensureBuilt()
const started = spawnSync(process.execPath, [join(root, 'dist/bin.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? root,
})
process.exitCode = started.status ?? 1
