/** A '/'-separated path without leading or trailing '/'; '' is the root of a remote. Names keep bytes that are no UTF-8 as U+DC80–U+DCFF. */
export type Path = string

/** Joins paths and names, leaving out empty parts. */
export function join(...parts: readonly Path[]): Path {
  return parts.filter((part) => part !== '').join('/')
}

/** The directory that holds `path`; the root is its own parent. */
export function parent(path: Path): Path {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

/** The last name of `path`; '' for the root. */
export function basename(path: Path): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Cleans what a person typed: empty and '.' parts vanish, '..' removes the part before it and stops at the root. */
export function normalise(typed: string): Path {
  const parts: string[] = []
  for (const part of typed.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/**
 * Whether every part of `path` can be the name of something: none is empty, '.' or '..', or holds a NUL. Remotes refuse
 * other paths as 'invalid-name', so that no name a server lists can lead out of the directory it was listed in.
 */
export function isProper(path: Path): boolean {
  return (
    path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
  )
}

/** Whether `path` is `dir` itself or lies below it. */
export function isWithin(path: Path, dir: Path): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`)
}

/** `path` as seen from `dir`, which must hold it; '' for `dir` itself. */
export function relative(path: Path, dir: Path): Path {
  if (dir === '') return path
  return path === dir ? '' : path.slice(dir.length + 1)
}

/**
 * Orders by code point, which is the order of the UTF-8 bytes and rclone's. JavaScript's `<` orders by UTF-16 unit and
 * puts emoji before U+E000 and above, so surrogates are lifted over the rest of the basic plane.
 */
export function comparePaths(a: Path, b: Path): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
