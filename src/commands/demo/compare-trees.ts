import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What two folders on disk have that differs, one line each; empty where they are equal byte for byte. */
export async function compareTrees(
  a: string,
  b: string,
): Promise<{ readonly files: number; readonly bytes: number; readonly differences: readonly string[] }> {
  const [left, right] = await Promise.all([tree(a), tree(b)])
  const differences: string[] = []
  let files = 0
  let bytes = 0
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    if (left.get(path) !== right.get(path)) {
      differences.push(`${path}: ${left.get(path) ?? 'missing'} in ${a}, ${right.get(path) ?? 'missing'} in ${b}`)
    } else if (left.get(path) === 'file') {
      const [x, y] = await Promise.all([readFile(join(a, path)), readFile(join(b, path))])
      if (!x.equals(y)) differences.push(`${path}: the contents differ`)
      files++
      bytes += x.length
    }
  }
  return { files, bytes, differences }
}

async function tree(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const path of await readdir(root, { recursive: true })) {
    const info = await stat(join(root, path))
    found.set(path, info.isDirectory() ? 'directory' : 'file')
  }
  return found
}
