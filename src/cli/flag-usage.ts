import type { Option } from '../options/option.ts'
import type { Flag } from './flags.ts'

/** Lines about flags: name, kind of value, what it does, default; in columns. */
export function flagUsage(flags: readonly Flag[]): string {
  const lefts = flags.map((flag) => ({ left: leftColumn(flag), right: rightColumn(flag.option) }))
  const width = Math.max(0, ...lefts.map(({ left }) => left.length)) + 3
  return lefts.map(({ left, right }) => `${left.padEnd(width)}${right}\n`).join('')
}

function leftColumn({ name, option }: Flag): string {
  const short = option.short === undefined ? '      ' : `  -${option.short}, `
  return `${short}--${name}${option.type.label === '' ? '' : ` ${option.type.label}`}`
}

function rightColumn(option: Option<unknown>): string {
  const shown = defaultText(option)
  return shown === undefined ? option.help : `${option.help} (default ${shown})`
}

/** The default as it would be typed; undefined where it is nothing. */
export function defaultText({ type, default: value }: Option<unknown>): string | undefined {
  if (value === false || value === undefined) return undefined
  const text = type.format(value)
  if (text === '' || value === 0) return undefined
  return type.name === 'string' ? `"${text}"` : text
}
