import { foldName } from './fold-name.ts'

/** How names are compared and stored: the part of the dialect that the shape of the state depends on. */
export interface Naming {
  readonly caseFolding: 'unicode-simple' | 'ascii' | 'unicode-full'
  /** `compared`: canonically equal names are the same; `stored`: they are also kept in NFC. */
  readonly normalisation: 'none' | 'compared' | 'stored'
  /** Whether a trashed item that becomes live again takes the spelling of the request or keeps its own. */
  readonly trashedSpelling: 'new' | 'stored'
}

/** Names as docs/protocol.md §7.4 recommends (unknowns 23 and 25). */
export const DEFAULT_NAMING: Naming = { caseFolding: 'unicode-simple', normalisation: 'none', trashedSpelling: 'new' }

/** Makes the function that gives the key under which a name is looked up. */
export function foldingOf({ caseFolding, normalisation }: Naming): (name: string) => string {
  const fold = { 'unicode-simple': foldName, ascii: foldAscii, 'unicode-full': foldFully }[caseFolding]
  return normalisation === 'none' ? fold : (name) => fold(name.normalize('NFC'))
}

/** Makes the function that gives the spelling in which a name is stored. */
export function spellingOf({ normalisation }: Naming): (name: string) => string {
  return normalisation === 'stored' ? (name) => name.normalize('NFC') : (name) => name
}

function foldAscii(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

// Near enough to full folding: ß and SS are the same, as are the two small sigmas.
function foldFully(name: string): string {
  return foldName(name.toUpperCase())
}
