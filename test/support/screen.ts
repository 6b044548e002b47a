/**
 * What a terminal of that size shows after it got `text`: the lines that were scrolled out at the top, then those on it down
 * to the cursor.
 */
export function screenOf(
  text: string,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string[] {
  const lines: string[][] = [[]]
  let [row, column, wraps] = [0, 0, true]
  const line = (): string[] => (lines[row] ??= [])
  const down = (): void => {
    row++
    line()
  }
  const control = (name: string, count: number): void => {
    const top = Math.max(0, lines.length - rows)
    if (name === 'A') row = Math.max(top, row - count)
    else if (name === 'K') lines[row] = []
    else if (name === 'G') column = count - 1
    else throw new Error(`the terminal does not know ${name}`)
  }
  const put = (char: string): void => {
    const width = isWide(char) ? 2 : 1
    if (column + width > columns) {
      if (wraps) down()
      column = wraps ? 0 : columns - width
    }
    while (line().length < column) line().push(' ')
    line().splice(column, width, char, ...(width === 2 ? [''] : []))
    column += width
  }
  const tokens = /\p{Cc}\[\?7([lh])|\p{Cc}\[(\d*)([A-Z])|[\s\S]/gu
  for (const [token, wrap, count, name] of text.matchAll(tokens)) {
    if (wrap !== undefined) wraps = wrap === 'h'
    else if (name !== undefined) control(name, Number(count === '' ? 1 : count))
    else if (token === '\n') {
      down()
      column = 0
    } else if (token === '\r') column = 0
    else if (token === '\t') for (const to = (Math.floor(column / 8) + 1) * 8; column < Math.min(to, columns);) put(' ')
    else put(token)
  }
  const shown = lines.map((chars) => chars.join('').trimEnd())
  const end = Math.max(
    row,
    shown.findLastIndex((each) => each !== ''),
  )
  return shown.slice(0, end + 1)
}

/** East Asian characters and emoji take two columns. */
function isWide(char: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    char,
  )
}
