const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/**
 * JSON as Go writes it, which escapes some characters more; a byte of a name that is no UTF-8 is U+FFFD, escaped.
 * @param indent what stands before each line of a level, e.g. a tab; default: all on one line
 */
export function goJson(value: unknown, indent?: string): string {
  const json = JSON.stringify(value, undefined, indent).replaceAll(
    /[<>&\u2028\u2029]/g,
    (found) => escapes[found] ?? found,
  )
  // Lone surrogates are the bytes; escapes are taken one by one, so that those of a backslash stay whole.
  return json.includes('\\ud') ? json.replaceAll(/\\(?:u[\da-f]{4}|.)/g, replaceByte) : json
}

function replaceByte(escape: string): string {
  return /^\\ud[89a-f]/.test(escape) ? '\\ufffd' : escape
}
