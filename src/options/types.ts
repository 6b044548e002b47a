import { formatRfc3339 } from '../core/time.ts'
import type { Time } from '../core/time.ts'
import { badSyntax, parseAs } from './bad-value.ts'
import { joinCsv, splitCsv } from './csv.ts'
import { noTime, parseDuration, parseTime, requireGoDuration } from './duration.ts'
import type { Duration } from './duration.ts'
import { formatDuration } from './duration-format.ts'
import { parseGoBool, parseGoFloat, parseGoInt } from './go-syntax.ts'
import { scanFloat, scanInt } from './go-scan.ts'
import type { OptionType } from './option.ts'
import { parseSize } from './size.ts'
import { formatSize } from './size-format.ts'

/** On or off; the flag alone is on. */
export const bool: OptionType<boolean> = {
  name: 'bool',
  label: '',
  flag: 'bool',
  parse(text) {
    const value = parseGoBool(text)
    if (value === undefined) throw badSyntax('ParseBool', text)
    return value
  },
  parseStored: (text) => parseAs('bool', text, (given) => bool.parse(given)),
  format: String,
}

/** The same, read as a command's own flag is. */
export const nativeBool: OptionType<boolean> = {
  name: 'bool',
  label: '',
  flag: 'bool',
  native: true,
  parse: (text) => bool.parse(text),
  format: String,
}

/** A whole number. */
export const int: OptionType<number> = {
  name: 'int',
  label: 'int',
  flag: 'value',
  parse(text) {
    const value = parseGoInt(text)
    if (value === undefined) throw badSyntax('ParseInt', text)
    if (!Number.isSafeInteger(value)) throw badSyntax('ParseInt', text, 'value out of range')
    return value
  },
  parseStored: (text) => parseAs('int', text, scanInt),
  format: String,
}

/** The same with rclone's name for one that is as long on every machine. */
export const int64: OptionType<number> = {
  ...int,
  name: 'int64',
  parseStored: (text) => parseAs('int64', text, scanInt),
}

/** How often a flag was given. */
export const count: OptionType<number> = {
  name: 'int',
  label: 'count',
  flag: 'count',
  native: true,
  parse: (text) => int.parse(text),
  format: String,
}

/** A number with decimals. */
export const float: OptionType<number> = {
  name: 'float64',
  label: 'float',
  flag: 'value',
  parse(text) {
    const value = parseGoFloat(text)
    if (value === undefined) throw badSyntax('ParseFloat', text)
    return value
  },
  parseStored: (text) => parseAs('float64', text, scanFloat),
  format: String,
}

/** Text as it is. */
export const text: OptionType<string> = {
  name: 'string',
  label: 'string',
  flag: 'value',
  parse: (value) => value,
  format: (value) => value,
}

/** Bytes; -1 is `off`. */
export const size: OptionType<number> = {
  name: 'fs.SizeSuffix',
  label: 'SizeSuffix',
  flag: 'value',
  parse: (value) => parseAs('fs.SizeSuffix', value, parseSize),
  format: formatSize,
}

/** Nanoseconds; durationOff is `off`. */
export const duration: OptionType<Duration> = {
  name: 'fs.Duration',
  label: 'Duration',
  flag: 'value',
  parse: (value) => parseAs('fs.Duration', value, (given) => parseDuration(given)),
  format: formatDuration,
}

/** Nanoseconds in Go's own form, units required. */
export const goDuration: OptionType<Duration> = {
  name: 'time.Duration',
  label: 'Duration',
  flag: 'value',
  native: true,
  parse: (value) => parseAs('time.Duration', value, requireGoDuration),
  format: formatDuration,
}

/** A {@link duration} of which a bad value is told without its type. */
export const nativeDuration: OptionType<Duration> = {
  ...duration,
  native: true,
  parse: (value) => parseDuration(value),
}

/** A point in time: a date, a duration before now, or `off` ({@link noTime}). */
export const time: OptionType<Time> = {
  name: 'fs.Time',
  label: 'Time',
  flag: 'value',
  parse: (value) => parseAs('fs.Time', value, (given) => parseTime(given)),
  format: (value) => (value === noTime ? 'off' : formatRfc3339(value)),
}

/** Texts, one for each time the flag is given. One empty text alone counts as none (rclone's surface 2.1). */
export const textList: OptionType<readonly string[]> = {
  name: 'stringArray',
  label: 'stringArray',
  flag: 'list',
  parse: (value) => [value],
  format: (values) => (values.length === 0 ? '' : `[${joinCsv(values, ',')}]`),
  combine(lists) {
    const values = lists.flat()
    return values.length === 1 && values[0] === '' ? [] : values
  },
  split: (value) => parseAs('[]string', value, () => splitCsv(value, ',')),
}

/** Texts in one CSV record. */
export const commaList = separatedList('fs.CommaSepList', 'CommaSepList', ',')

/** Texts in one record, separated by spaces: a program and its arguments. */
export const spaceList = separatedList('fs.SpaceSepList', 'SpaceSepList', ' ')

function separatedList(name: string, label: string, separator: string): OptionType<readonly string[]> {
  return {
    name,
    label,
    flag: 'value',
    parse: (value) => parseAs(name, value, () => splitCsv(value, separator)),
    format: (values) => joinCsv(values, separator),
  }
}
