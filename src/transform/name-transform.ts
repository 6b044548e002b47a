import type { Entry } from '../core/entry.ts'
import { isStorageError, StorageError } from '../core/errors.ts'
import { isProper } from '../core/path.ts'
import type { Time } from '../core/time.ts'
import { shownPath, typedPath } from '../options/standard-names.ts'
import { goQuote } from '../options/go-syntax.ts'
import { parseStep } from './parse.ts'

/**
 * What becomes of one name, that of a file or of a directory; the same for the same name, but for `command`.
 * @throws StorageError 'invalid-name', to be retried 'never', where no name comes out; the signal's reason
 */
export type NameTransform = (name: string, kind: Entry['kind'], signal: AbortSignal) => Promise<string>

/**
 * Reads the values of `--name-transform`, which are applied in this order. Names are changed as they are shown
 * (rclone's surface §2.2, Encoding).
 * @param now what `date` writes
 * @returns undefined where there are none
 * @throws StorageError 'config' for one that means nothing
 */
export async function loadNameTransform(texts: readonly string[], now: Time): Promise<NameTransform | undefined> {
  const steps = await Promise.all(texts.map((text) => parseStep(text, now)))
  if (steps.length === 0) return undefined
  return async (name, kind, signal) => {
    const shown = shownPath(name)
    let text = shown
    for (const { concerns, change } of steps) {
      if (concerns.has(kind)) text = checked(await tried(() => change(text, signal)))
    }
    const changed = text === shown ? name : typedPath(text)
    if (!isProper(changed)) throw noName(`transform cannot make ${goQuote(changed)} of a name`)
    return changed
  }
}

function checked(text: string): string {
  if (/^\p{White_Space}*$/u.test(text)) throw noName('transform cannot render path segments empty')
  if (text.includes('/')) throw noName(`transform cannot add path separators: ${text}`)
  return text
}

async function tried(change: () => string | Promise<string>): Promise<string> {
  try {
    return await change()
  } catch (error) {
    throw isStorageError(error) ? noName(error.message, error) : error
  }
}

function noName(message: string, cause?: unknown): StorageError {
  return new StorageError('invalid-name', message, { retry: 'never', cause })
}
