import type { Command, Invocation } from '../cli/command.ts'
import { loadDefinition } from '../config/definitions.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { CommandWords, RemoteCommand } from '../core/remote-command.ts'
import type { Location } from '../core/remote.ts'
import { featuresOf } from '../operations/features.ts'
import { goJson } from '../options/go-json.ts'
import { goQuote } from '../options/go-syntax.ts'
import { option } from '../options/option.ts'
import { bool, textList } from '../options/types.ts'

const options = {
  option: option(textList, [], 'An option of the command, as KEY=VALUE; may be repeated', { short: 'o' }),
  json: option(bool, false, 'Print what it gives as JSON in any case'),
}

export const command: Command<typeof options> = {
  name: 'backend',
  summary: 'Show what a remote can do, and do what only it can',
  usage: '<command> remote:path [opts] <args>',
  help: `Every remote has "features": what it is able to do, as JSON. "help" lists the commands that only this kind of
remote has, such as "noop" of a disk; Jottacloud has none.

    fjord backend features jotta:
    fjord backend help local
    fjord backend noop /tmp -o echo=yes one two`,
  options,
  args: { min: 2, max: Infinity },
  run: runBackend,
}

async function runBackend({ args, options: o, open, out, ctx }: Invocation<typeof options>): Promise<void> {
  const [name = '', typed = '', ...rest] = args
  if (name === 'help') return out.text(helpText(await kindOf(typed, open)))
  const place = await open.location(typed)
  if (name === 'features') return out.text(`${goJson(featuresOf(place.remote, place.path), '\t')}\n`)
  const answer = await run(place, name, { args: rest, options: keysAndValues(o.option) }, ctx.signal)
  if (o.json || (typeof answer === 'object' && !isLines(answer))) out.text(`${goJson(answer ?? null, '\t')}\n`)
  else for (const line of linesOf(answer)) out.line(line)
}

function linesOf(answer: unknown): readonly string[] {
  if (isLines(answer)) return answer
  if (typeof answer === 'string') return [answer]
  return answer === undefined ? [] : [goJson(answer)]
}

/** @throws StorageError in rclone's words, whatever went wrong */
async function run(
  { remote, path }: Location,
  name: string,
  given: CommandWords,
  signal: AbortSignal,
): Promise<unknown> {
  const { description } = remote.facts(path)
  if (!remote.command) throw new StorageError('unsupported', `${description}: doesn't support backend commands`)
  try {
    return await remote.command(name, given, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (isStorageError(error, 'unsupported')) throw new StorageError('unsupported', `${goQuote(name)} ${error.message}`)
    throw new StorageError('io', `command ${goQuote(name)} failed: ${messageOf(error)}`, { cause: error })
  }
}

/** The name of a kind of remote, or a remote of that kind. */
async function kindOf(typed: string, open: Invocation['open']): Promise<RemoteKind> {
  if (typed === 'alias') return { type: typed }
  const known = await loadDefinition(typed).catch((error: unknown) => {
    if (isStorageError(error, 'unsupported')) return undefined
    throw error
  })
  return known ?? (await loadDefinition((await open.location(typed)).remote.type))
}

interface RemoteKind {
  readonly type: string
  readonly commands?: readonly RemoteCommand[]
}

function helpText({ type, commands = [] }: RemoteKind): string {
  if (commands.length === 0) throw new StorageError('unsupported', `${type} backend has no commands`)
  return `## Commands of ${type} remotes\n\n${commands.map(commandText).join('')}`
}

function commandText({ name, summary, help, options: known }: RemoteCommand): string {
  const list = Object.entries(known).map(([key, text]) => `- ${goQuote(key)}: ${text}\n`)
  const usage = `    fjord backend ${name} remote: [options] [<arguments>+]`
  return `### ${name}\n\n${summary}\n\n${usage}\n\n${help}\n\nOptions:\n\n${list.join('')}\n`
}

/** `KEY=VALUE` or `KEY`, in the order of the keys. */
function keysAndValues(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts.map((text) => {
    const [key = '', ...value] = text.split('=')
    return [key, value.join('=')] as const
  })
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isLines(answer: unknown): answer is readonly string[] {
  return Array.isArray(answer) && answer.every((line) => typeof line === 'string')
}
