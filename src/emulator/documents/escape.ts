const SPECIAL = /[&<>"]/g
const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])

/** Escapes text for an XML element or a quoted attribute. Names hold no characters that XML forbids: see names.ts. */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (character) => ENTITIES.get(character) ?? character)
}

// oxlint-disable-next-line no-control-regex
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

/** Replaces characters that no XML document may hold, which errors would otherwise repeat from requests. */
export function withoutIllegal(text: string): string {
  return text.replace(ILLEGAL, '\ufffd')
}

/** An element whose text keeps its spaces: names and paths (docs/protocol.md §4.1). */
export function preserved(name: string, text: string): string {
  return `<${name} xml:space="preserve">${escapeXml(text)}</${name}>`
}
