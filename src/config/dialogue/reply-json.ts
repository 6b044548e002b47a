import { goJson } from '../../options/go-json.ts'
import type { Option } from '../../options/option.ts'
import { bool } from '../../options/types.ts'
import type { Asked } from './asked.ts'
import type { Reply } from './machine.ts'
import { withHint } from './trouble.ts'

/** An option as rclone shows it to programs; the order of the members is rclone's (docs: rclone's surface 7.5). */
export type OptionJson = Readonly<Record<string, unknown>>

/** What `--non-interactive` prints: an object on lines indented by tabs, its last line end included. */
export function replyJson(reply: Reply): string {
  const shown = {
    State: reply.kind === 'done' ? '' : reply.state,
    Option: reply.kind === 'ask' ? optionJson(reply.asked) : null,
    Error: reply.kind === 'trouble' ? withHint(reply) : '',
    Result: '',
  }
  return `${goJson(shown, '\t')}\n`
}

/** @param asked the option or question */
export function optionJson({ name, help, option, examples, exclusive, password, standard }: Asked): OptionJson {
  return {
    Name: name,
    FieldName: '',
    Help: help,
    Default: jsonValue(option, standard),
    Value: null,
    ...(examples && { Examples: examples.map(({ value, help: text }) => ({ Value: value, Help: text })) }),
    ...(option.short !== undefined && { ShortOpt: option.short }),
    Hide: option.hidden === true ? 3 : 0,
    Required: option.required === true,
    IsPassword: password === true,
    NoPrefix: option.plainFlag !== undefined,
    Advanced: option.advanced === true,
    Exclusive: exclusive === true,
    Sensitive: option.sensitive === true,
    DefaultStr: standard,
    ValueStr: standard,
    Type: option.type.label === '' ? bool.name : option.type.label,
  }
}

/** A value as Go's JSON has it: sizes, durations and numbers as numbers, lists as arrays. */
function jsonValue({ type }: Option<unknown>, text: string): unknown {
  if (text === '' && type.flag !== 'list') return ''
  const value = parsed(type, text)
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Set) return [...value]
  return value
}

/** What a config file made by hand has may be of another type: then it is shown as it is. */
function parsed(type: Option<unknown>['type'], text: string): unknown {
  try {
    if (type.combine) return type.combine((type.split?.(text) ?? [text]).map((one) => type.parse(one)))
    return type.parseStored?.(text) ?? type.parse(text)
  } catch {
    return text
  }
}
