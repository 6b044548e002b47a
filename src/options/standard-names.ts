import { createEncoder, type Encoder } from './encoder.ts'

/**
 * What rclone calls the standard encoding: how names are typed and shown (rclone's surface §2.2, Encoding). Control characters
 * are symbols, and what looks like such a symbol has U+201B in front. The look-alikes of '/', of NUL and of the names '.' and
 * '..' stand for themselves, because no path can hold what they stand for.
 */
let made: Encoder | undefined
const standard = (): Encoder => (made ??= createEncoder(['Ctl', 'Del']))

/** Names without any of these are the same in both forms. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const special = /[\u0001-\u001f\u007f\u2401-\u241f\u2421\u201b]/

/** A path as it is shown to people and programs, and as patterns see it. Bytes that are no UTF-8 stay as they are. */
export function shownPath(path: string): string {
  return special.test(path) ? standard().encode(path) : path
}

/** The path that is meant by what was typed: the reverse of {@link shownPath}; a U+201B that quotes nothing is one. */
export function typedPath(text: string): string {
  return special.test(text) ? standard().decode(text) : text
}
