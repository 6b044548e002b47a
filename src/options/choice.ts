import { badValue, parseAs } from './bad-value.ts'
import { goQuote } from './go-syntax.ts'
import type { OptionType } from './option.ts'

/** How a choice is named: `goName` in rclone's messages (`fs.logLevelChoices`), `label` in help. */
interface ChoiceNaming {
  readonly goName: string
  readonly label?: string
}

/** One of `names`, typed in any case. */
export function choice<N extends string>(names: readonly N[], naming: ChoiceNaming): OptionType<N> {
  const name = `fs.Enum[${goPath(naming.goName)}]`
  return {
    name,
    label: naming.label ?? names.join('|'),
    flag: 'value',
    choices: names,
    parse: (text) => parseAs(name, text, () => pick(names, text)),
    format: (value) => value,
  }
}

/** Any of `names`, joined by commas, typed in any case. */
export function bits<N extends string>(names: readonly N[], naming: ChoiceNaming): OptionType<ReadonlySet<N>> {
  const name = `fs.Bits[${goPath(naming.goName)}]`
  return {
    name,
    label: naming.label ?? 'Bits',
    flag: 'value',
    choices: names,
    parse: (text) => parseAs(name, text, () => new Set(parts(text).map((part) => pick(names, part)))),
    format: (value) => [...value].join(','),
  }
}

function goPath(goName: string): string {
  return `github.com/rclone/rclone/${goName}`
}

function parts(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function pick<N extends string>(names: readonly N[], text: string): N {
  const found = names.find((name) => name.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw badValue(`invalid choice ${goQuote(text)} from: ${names.join(', ')}`)
  return found
}
