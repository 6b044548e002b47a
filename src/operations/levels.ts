import type { Path } from '../core/path.ts'

/** Groups things by how deep their path is, deepest group first: what is in one group can be done at once. */
export function deepestFirst<T extends { readonly path: Path }>(items: Iterable<T>): readonly (readonly T[])[] {
  const levels = new Map<number, T[]>()
  for (const item of items) {
    const depth = depthOf(item.path)
    const level = levels.get(depth)
    if (level) level.push(item)
    else levels.set(depth, [item])
  }
  return [...levels].sort(([a], [b]) => b - a).map(([, level]) => level)
}

function depthOf(path: Path): number {
  if (path === '') return 0
  let depth = 1
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) depth++
  return depth
}
