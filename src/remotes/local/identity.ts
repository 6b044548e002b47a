import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { Identity } from '../../core/facts.ts'
import type { Place } from './place.ts'
import { ownNames, realPath } from './place.ts'

/** `Remote.identity`: with links resolved, so that a link to a directory inside the source is seen to overlap with it. */
export function identity(place: Place, path: Path): Identity {
  const { caseInsensitive, caseSensitive } = place.settings
  const folds = caseInsensitive || (ownNames.caseInsensitive && !caseSensitive)
  return { account: 'local', path: matchKey(real(path), { caseInsensitive: folds, normalise: false }) }
}

/** The real path as far as it exists, and the rest as it is. */
function real(path: Path): Path {
  if (path === '') return ''
  try {
    return realPath(path)
  } catch {
    return join(real(parent(path)), basename(path))
  }
}
