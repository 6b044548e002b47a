// A printable ASCII name, by far the most common kind, folds in one call.
const PRINTABLE_ASCII = /^[ -~]*$/

/**
 * Gives the key under which a name is looked up: two names that differ in case only have the same key.
 * Unicode simple case folding, no normalisation (docs/protocol.md §5.2 and §7.4, unknowns 23 and 25).
 */
export function foldName(name: string): string {
  if (PRINTABLE_ASCII.test(name)) return name.toLowerCase()
  let folded = ''
  for (const character of name) folded += foldCharacter(character)
  return folded
}

function foldCharacter(character: string): string {
  // Only Turkish folds the dotless i to i; JavaScript's upper case would do it for everybody.
  if (character === 'ı') return character
  const upper = single(character.toUpperCase()) ?? character
  return single(upper.toLowerCase()) ?? upper
}

// Simple folding never changes the number of code points, unlike the full mappings of JavaScript.
function single(text: string): string | undefined {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff) ? text : undefined
}
