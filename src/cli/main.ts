import { isStorageError, messageOf } from '../core/errors.ts'
import { plainLogger, stderrWriter } from './equipment.ts'
import { exitCodes } from './exit-codes.ts'
import { commandHelp, rootHelp, rootUsage } from './help.ts'
import type { Host } from './host.ts'
import { refuseCommand, refuseCount, refuseUsage } from './refuse.ts'
import type { RefusalStreams } from './refuse.ts'
import { select } from './select.ts'
import type { Selection, Vocabulary } from './select.ts'
import { runSession } from './session.ts'

/** Does what a command line says. @returns the exit code */
export async function main(host: Host, vocabulary: Vocabulary): Promise<number> {
  if (host.argv[0] === completionWord) return await printCandidates(host, vocabulary)
  const streams: RefusalStreams = { write: stderrWriter(host), log: plainLogger(host), commands: vocabulary.commands }
  const selection = await select(host.argv, vocabulary)
  switch (selection.kind) {
    case 'run':
      return await runSession(selection.command, selection.line, host)
    case 'version':
      return await runVersion(host, vocabulary)
    case 'root-help':
      return await print(host, rootHelp(vocabulary.commands))
    case 'command-help':
      return await print(host, commandHelp(selection.command, vocabulary.commands))
    case 'help':
      return await printTopic(selection.argv, host, vocabulary)
    case 'nothing':
      streams.write(rootUsage(vocabulary.commands))
      return exitCodes.usage
    case 'unknown-command':
    case 'refused':
    case 'wrong-count':
    default:
      return refuse(selection, streams)
  }
}

/** What the scripts of `completion` ask with; the words typed so far follow. */
const completionWord = '__complete'

async function printCandidates(host: Host, vocabulary: Vocabulary): Promise<number> {
  const { complete, completionLines } = await import('./complete.ts')
  return await print(host, completionLines(await complete(host.argv.slice(1), vocabulary)))
}

async function runVersion(host: Host, { commands }: Vocabulary): Promise<number> {
  const command = await commands.find(({ name }) => name === 'version')?.load()
  return command ? await runSession(command, { args: [], given: new Map() }, host) : exitCodes.usage
}

async function printTopic(argv: readonly string[], host: Host, vocabulary: Vocabulary): Promise<number> {
  const { helpTopic } = await import('./help-topics.ts')
  try {
    return await print(host, await helpTopic(argv, vocabulary))
  } catch (error) {
    if (!isStorageError(error, 'config', 'usage')) throw error
    const log = plainLogger(host)
    if (error.code === 'config') log.log({ level: 'CRITICAL', text: messageOf(error) })
    else refuseUsage(messageOf(error), undefined, { write: stderrWriter(host), log, commands: vocabulary.commands })
    return error.code === 'config' ? exitCodes.error : exitCodes.usage
  }
}

async function print({ stdout }: Host, text: string): Promise<number> {
  stdout.on('error', () => undefined)
  await new Promise<void>((resolve) => void stdout.write(text, () => resolve()))
  return exitCodes.success
}

function refuse(
  selection: Extract<Selection, { kind: 'unknown-command' | 'refused' | 'wrong-count' }>,
  streams: RefusalStreams,
): number {
  if (selection.kind === 'unknown-command') refuseCommand(selection.message, streams)
  else if (selection.kind === 'wrong-count') refuseCount(selection, streams.write)
  else refuseUsage(messageOf(selection.error), selection.command, streams)
  return exitCodes.usage
}
