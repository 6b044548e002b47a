import { messageOf } from '../core/errors.ts'
import { badValue } from '../options/bad-value.ts'

/** What the groups of a match hold. */
interface Groups {
  readonly numbered: readonly string[]
  readonly named: ReadonlyMap<string, string>
}

/**
 * Replaces every match of an expression in RE2's syntax, as Go does it: an empty match just after another is none; in the
 * replacement `$1`, `$name` and `${name}` are groups, a group that there is not is empty, and `$$` is a `$`.
 * @throws StorageError 'usage' where it is no expression
 */
export async function replaceExpression(expression: string, replacement: string): Promise<(text: string) => string> {
  const compiled = await compile(expression)
  return (text) => {
    const matcher = compiled.matcher(text)
    let result = ''
    let end = 0
    while (matcher.find()) {
      if (end > 0 && matcher.end() === end) continue
      const numbered = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '')
      const named = new Map(Object.keys(compiled.namedGroups()).map((name) => [name, matcher.group(name) ?? '']))
      result += text.slice(end, matcher.start()) + expand(replacement, { numbered, named })
      end = matcher.end()
    }
    return result + text.slice(end)
  }
}

async function compile(expression: string) {
  const { RE2JS } = await import('re2js')
  try {
    return RE2JS.compile(expression)
  } catch (error) {
    throw badValue(`regex syntax error: ${messageOf(error)}`)
  }
}

/** `$` before anything else stands for itself. */
function expand(template: string, { numbered, named }: Groups): string {
  return template.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (match, braced?: string, bare?: string) => {
      const name = braced ?? bare
      if (name === undefined) return '$'
      return /^(?:0|[1-9]\d*)$/.test(name) ? (numbered[Number(name)] ?? '') : (named.get(name) ?? '')
    },
  )
}
