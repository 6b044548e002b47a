import { goQuote } from './go-syntax.ts'

/** What may stand in a layout, by what Go writes there: how many digits it has, the first number too large for it, its name. */
const elements: Readonly<Record<string, readonly [digits: number, from: number, below: number, name: string]>> = {
  '2006': [4, 0, 10_000, 'year'],
  '06': [2, 0, 100, 'year'],
  '01': [2, 1, 13, 'month'],
  '02': [2, 0, 100, 'day'],
  '15': [2, 0, 24, 'hour'],
  '04': [2, 0, 60, 'minute'],
  '05': [2, 0, 60, 'second'],
}

/**
 * Why Go's time.Parse does not take `text`, in its words.
 * @param layout of the elements above, a fraction written `.999999999`, and other characters
 */
export function whyNoTime(text: string, layout: string): string {
  const said = `parsing time ${goQuote(text)}`
  let rest = text
  for (const part of layout.match(/2006|06|01|02|15|04|05|\.9+|[^\d.]/g) ?? []) {
    if (part.startsWith('.')) {
      rest = rest.replace(/^[.,]\d+/, '')
      continue
    }
    const [digits, from, below, name] = elements[part] ?? [0, 0, 0, '']
    const found = digits === 0 ? rest.startsWith(part) : new RegExp(`^\\d{${digits}}`).test(rest)
    if (!found) return `${said} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ${goQuote(part)}`
    const number = Number(rest.slice(0, digits))
    if (digits > 0 && (number < from || number >= below)) return `${said}: ${name} out of range`
    rest = rest.slice(part.length)
    if (part === '05') rest = rest.replace(/^[.,]\d+/, '')
  }
  return rest === '' ? `${said}: day out of range` : `${said}: extra text: ${goQuote(rest)}`
}
