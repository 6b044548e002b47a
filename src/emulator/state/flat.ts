/**
 * Copies a string into memory of its own. Parts of a longer string keep all of it alive, and a string that was put
 * together keeps its pieces: names and ids of a million files would take several times their length.
 */
export function flat(text: string): string {
  return Buffer.from(text).toString()
}
