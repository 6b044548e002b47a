import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a directory and those above it. Node's own recursive mkdir tries for ever, and cannot be interrupted, where a
 * directory is there and cannot have others (/proc).
 * @throws the system's error, which names the directory that could not be made
 */
export function makeDirs(dir: string, mode = 0o777): void {
  try {
    makeEach(dir, (each) => mkdirSync(each, { mode }), dirname)
  } catch (error) {
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/**
 * The same with other calls: `make` makes one directory, `above` says which one holds it.
 * @throws the system's error; 'EEXIST' also where `dir` was there
 */
export function makeEach(dir: string, make: (dir: string) => void, above: (dir: string) => string): void {
  try {
    make(dir)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || above(dir) === dir) throw error
    try {
      makeEach(above(dir), make, above)
    } catch (higher) {
      // Somebody else was faster
      if (codeOf(higher) !== 'EEXIST') throw higher
    }
    make(dir)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
