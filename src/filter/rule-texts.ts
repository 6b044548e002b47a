import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { goQuote } from '../options/go-syntax.ts'
import { everywhere } from './directory-globs.ts'
import type { ReadList } from './read-list.ts'
import type { Rules } from './rules.ts'

/** Rules as they were typed, and the files to read more from. */
export interface RuleTexts {
  readonly include: readonly string[]
  readonly includeFrom: readonly string[]
  readonly exclude: readonly string[]
  readonly excludeFrom: readonly string[]
  readonly filter: readonly string[]
  readonly filterFrom: readonly string[]
}

/**
 * Adds rules in rclone's order, which is not the one they were typed in: includes, excludes, rules with a sign, and behind
 * them all the rest, excluded where anything was included (rclone's surface §4.1).
 * @throws StorageError 'config' where a rule is malformed or a file cannot be read
 */
export async function addRuleTexts(
  rules: Pick<Rules, 'add' | 'clear'>,
  texts: RuleTexts,
  { readList, log }: { readonly readList: ReadList; readonly log: Logger },
): Promise<void> {
  const includes = texts.include.length + texts.includeFrom.length > 0
  const excludes = texts.exclude.length + texts.excludeFrom.length > 0
  for await (const glob of all(texts.include, texts.includeFrom, readList)) await rules.add(true, glob)
  for await (const glob of all(texts.exclude, texts.excludeFrom, readList)) await rules.add(false, glob)
  if (includes && excludes) log.log({ level: 'ERROR', text: mixed })
  for await (const rule of all(texts.filter, texts.filterFrom, readList)) await addSigned(rules, rule)
  if (includes) await rules.add(false, everywhere)
}

const mixed =
  'Using --filter is recommended instead of both --include and --exclude as the order they are parsed in is indeterminate'

async function* all(typed: readonly string[], files: readonly string[], readList: ReadList): AsyncGenerator<string> {
  yield* typed
  for (const file of files) yield* await readList(file, 'lines')
}

/** What is blank at the end of such a rule is not part of it. */
async function addSigned(rules: Pick<Rules, 'add' | 'clear'>, typed: string): Promise<void> {
  const rule = typed.trimEnd()
  if (rule === '!') return rules.clear()
  if (!rule.startsWith('+ ') && !rule.startsWith('- ')) {
    throw new StorageError('config', `malformed rule ${goQuote(rule)}`)
  }
  await rules.add(rule.startsWith('+'), rule.slice(2))
}
