const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/**
 * JSON as Go writes it, which escapes some characters more.
 * @param indent what lines are indented by; absent: everything on one line
 */
export function goJson(value: unknown, indent?: string): string {
  return JSON.stringify(value, undefined, indent).replaceAll(/[<>&\u2028\u2029]/g, (found) => escapes[found] ?? found)
}
