// A tree of very many files, in an account or on the disk.
import { closeSync, ftruncateSync, futimesSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** @yields {{ path: string, size: number, modified: number }} bytes, and milliseconds since 1970 */
export function* manyFiles(count, perDir) {
  for (let i = 0; i < count; i++) {
    const dir = Math.floor(i / perDir)
    const path = `dir ${Math.floor(dir / 1000)}/dir ${dir}/file number ${i}.jpg`
    yield { path, size: 1500, modified: 1_600_000_000_000 + i * 1000 }
  }
}

/** Makes them below `root`, as files that take no room. */
export function plantManyFiles(root, count, perDir) {
  let made = ''
  for (const { path, size, modified } of manyFiles(count, perDir)) {
    const dir = path.slice(0, path.lastIndexOf('/'))
    if (dir !== made) mkdirSync(join(root, dir), { recursive: true })
    made = dir
    const fd = openSync(join(root, path), 'w')
    ftruncateSync(fd, size)
    futimesSync(fd, modified / 1000, modified / 1000)
    closeSync(fd)
  }
}
