import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { ReplacedFlag } from '../../options/encoder.ts'
import { createEncoder } from '../../options/encoder.ts'
import type { EncodingFlag } from '../../options/encoding.ts'

/** What Jottacloud cannot store, in rclone's default since 1.74 (docs/protocol.md §5.3). */
export const defaultEncoding: readonly EncodingFlag[] = [
  'Slash',
  'LtGt',
  'DoubleQuote',
  'Colon',
  'Question',
  'Asterisk',
  'Pipe',
  'Percent',
  'Del',
  'Ctl',
  'InvalidUtf8',
  'Dot',
]

/**
 * What no name in a path can be, so that it needs no replacing here. Its look-alikes stay as they are on both sides, which is
 * what rclone makes of them between a local disk and Jottacloud.
 */
const neverInNames: readonly ReplacedFlag[] = ['Zero', 'Slash', 'Dot']

/** What no XML document can hold, so that a folder with such a name could not be listed. */
const unstorable = /[\p{Surrogate}\uFFFE\uFFFF]/u

const lastResort = createEncoder(neverInNames)

/** Between paths as people see them and names as Jottacloud stores them. */
export interface Names {
  /** The stored form of every name in `path`. @throws StorageError 'invalid-name' for what is no name */
  stored(path: Path): string
  /**
   * The name that is stored as `stored`; whatever the service sends, it holds no '/' or NUL, and is not '.' or '..'.
   * @throws StorageError 'protocol' for an empty one
   */
  shown(stored: string): string
  /** Whether `stored` is what we would make of the name that it is shown as: what other programs stored need not be. */
  isOurs(stored: string): boolean
  /** Whether a name needs no replacing. */
  isPlain(name: string): boolean
}

/** The names of a remote whose service cannot store the characters of `flags`. */
export function createNames(flags: readonly EncodingFlag[] = defaultEncoding): Names {
  const encoder = createEncoder(flags.filter((flag) => !neverInNames.includes(flag)))
  const shown = (stored: string): string => {
    const name = encoder.decode(stored)
    if (isName(name)) return name
    if (stored !== '') return lastResort.encode(stored)
    throw new StorageError('protocol', 'The service listed an entry without a name')
  }
  return {
    shown,
    isPlain: (name) => encoder.encode(name) === name,
    isOurs: (stored) => encoder.encode(shown(stored)) === stored,
    stored(path) {
      if (path === '') return ''
      const stored = path.split('/').map((name) => encoder.encode(name))
      const broken = stored.find((name) => !isName(name) || unstorable.test(name))
      if (broken === undefined) return stored.join('/')
      throw new StorageError('invalid-name', `${JSON.stringify(broken)} is no name of a file or directory`, {
        details: { path },
      })
    },
  }
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)
}
