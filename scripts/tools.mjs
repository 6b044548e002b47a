// Where the project is, and how programs are run in it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** The package manager's program. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** Runs a program in the project's folder with its output shown; throws where it fails. */
export function run(program, args, options = {}) {
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options })
}

/** Runs a tool of node_modules. */
export function runTool(name, args, options = {}) {
  run(process.execPath, [join(root, 'node_modules', toolPath(name)), ...args], options)
}

/** The script behind a tool of node_modules, below node_modules. */
export function toolPath(name) {
  const bin = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).bin
  return join(name, typeof bin === 'string' ? bin : (bin[name] ?? bin.tsc ?? Object.values(bin)[0]))
}
