import type { Path } from '../core/path.ts'
import { mimeTypeOf, unknownMimeType } from './mime-type.ts'

/** `name` with `suffix`: at its end, or before its extensions. */
export function suffixed(name: Path, suffix: string, keepExtension: boolean): Path {
  if (!keepExtension) return name + suffix
  const [base, extensions] = splitExtensions(name)
  return base + suffix + extensions
}

/** `name` without its extensions, and these: the last one, and further ones where they mean something (`.tar.gz`). */
export function splitExtensions(name: Path): readonly [base: Path, extensions: string] {
  let base = name
  let extensions = ''
  for (let first = true; ; first = false) {
    const extension = /\.[^./]*$/.exec(base)?.[0]
    if (extension === undefined) break
    if (!first && mimeTypeOf(`x${extension}`) === unknownMimeType) break
    base = base.slice(0, -extension.length)
    extensions = extension + extensions
  }
  return [base, extensions]
}
