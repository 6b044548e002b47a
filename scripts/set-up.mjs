// Installs and builds what is not there yet; both steps are skipped by a stamp of what they depend on.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { npm, root, run } from './tools.mjs'

/** Installs the packages unless the stamp of package.json, the lock file and Node's version matches. */
export function ensureInstalled() {
  const stampFile = join(root, 'node_modules', '.fjord-stamp')
  const stamp = () =>
    hash([process.versions.modules, process.platform, process.arch, read('package.json'), read('package-lock.json')])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp()) return
  console.error('Installing packages …')
  run(npm, ['install', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=5'], { stdio: ['ignore', 2, 2] })
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp())
}

/** Builds dist/ unless nothing that it is made of has changed. */
export async function ensureBuilt() {
  const stampFile = join(root, 'dist', '.stamp')
  const stamp = sourceStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.error('Building …')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const { build } = await import('./bundle.mjs')
  await build()
  writeFileSync(stampFile, stamp)
}

function sourceStamp() {
  const parts = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle.mjs'].map(
    read,
  )
  const walk = (dir) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = `${dir}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (!entry.name.endsWith('.test.ts'))
        parts.push(path, String(statSync(join(root, path)).mtimeMs), read(path))
    }
  }
  walk('src')
  return hash(parts)
}

function read(path) {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function hash(parts) {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('hex')
}
