import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { Names } from './names.ts'

/** Characters of a name (docs/protocol.md §6.1). */
const longestName = 255

/**
 * Why `path` cannot be stored; undefined where it may be. The service may count a name as longer than it is here, in code points;
 * it has the last word.
 */
export function nameProblem(names: Names, path: Path): string | undefined {
  for (const name of path === '' ? [] : path.split('/')) {
    const problem = problemOf(names, name)
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOf(names: Names, name: string): string | undefined {
  try {
    const length = Array.from(names.stored(name)).length
    if (length <= longestName) return undefined
    return `a name would be ${length} characters long as it is stored, and Jottacloud keeps at most ${longestName}`
  } catch (error) {
    if (isStorageError(error, 'invalid-name')) return error.message
    throw error
  }
}
