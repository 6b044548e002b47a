/** Upper case, letter by letter as Go does it: no letter becomes two, and ß stays. */
export function upperCase(text: string): string {
  return Array.from(text, upper).join('')
}

/** Lower case, letter by letter: the end of a word plays no part. */
export function lowerCase(text: string): string {
  return Array.from(text, (char) => (char === 'İ' ? 'i' : char.toLowerCase())).join('')
}

/** Every letter in title case as Go's ToTitle has it, which is upper case but for digraphs and Georgian. */
export function titleCase(text: string): string {
  return Array.from(text, title).join('')
}

function upper(char: string): string {
  const changed = char.toUpperCase()
  return isOne(changed) ? changed : (greekCapital(char) ?? char)
}

/** Greek letters with an iota below have a capital of their own, which JavaScript writes as two letters. */
function greekCapital(char: string): string | undefined {
  const code = char.codePointAt(0) ?? 0
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8)
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? String.fromCodePoint(code + 9) : undefined
}

const digraphs: readonly string[] = 'ǄǅǆǇǈǉǊǋǌǱǲǳ'.match(/.../gu) ?? []

function title(char: string): string {
  const digraph = digraphs.find((forms) => forms.includes(char))
  if (digraph !== undefined) return digraph.charAt(1)
  const georgian = /^[\u10D0-\u10FF]$/u.test(char)
  return georgian ? char : upper(char)
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0))
}
