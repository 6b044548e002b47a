import { Buffer } from 'node:buffer'
import { open, stat } from 'node:fs/promises'
import { placeIn, plainTree } from './plain-tree.ts'

/** What two folders on disk have that differs, one line each; empty where they are equal byte for byte. */
export async function compareTrees(
  a: string,
  b: string,
): Promise<{ readonly files: number; readonly bytes: number; readonly differences: readonly string[] }> {
  const [left, right] = await Promise.all([plainTree(a), plainTree(b)])
  const differences: string[] = []
  let files = 0
  let bytes = 0
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    const shown = Buffer.from(path, 'latin1').toString()
    if (left.get(path) !== right.get(path)) {
      differences.push(`${shown}: ${left.get(path) ?? 'missing'} in ${a}, ${right.get(path) ?? 'missing'} in ${b}`)
    } else if (left.get(path) === 'file') {
      const [x, y] = [placeIn(a, path), placeIn(b, path)]
      if (!(await areEqual(x, y))) differences.push(`${shown}: the contents differ`)
      files++
      bytes += (await stat(x)).size
    }
  }
  return { files, bytes, differences }
}

async function areEqual(a: Buffer, b: Buffer): Promise<boolean> {
  await using left = await open(a)
  await using right = await open(b)
  const [x, y] = [Buffer.allocUnsafe(1 << 20), Buffer.allocUnsafe(1 << 20)]
  for (;;) {
    const [read, other] = await Promise.all([left.read(x), right.read(y)])
    if (!x.subarray(0, read.bytesRead).equals(y.subarray(0, other.bytesRead))) return false
    if (read.bytesRead === 0) return true
  }
}
