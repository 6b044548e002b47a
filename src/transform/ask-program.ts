import { StorageError } from '../core/errors.ts'
import { hasEscapedBytes } from '../core/names.ts'
import { goQuote } from '../options/go-syntax.ts'
import { runProgram } from '../util/program.ts'

/**
 * What a program prints when it is run with `text` as its one argument, without blanks at the ends; what it says as an error
 * counts as printed, as in rclone.
 * @param program a path, or a name to be found in PATH; no shell is between
 * @throws StorageError 'invalid-name' where it cannot be run or fails; the signal's reason
 */
export async function askProgram(program: string, text: string, signal: AbortSignal): Promise<string> {
  if (hasEscapedBytes(text)) throw failed('the name is no UTF-8, and cannot be given to a program')
  const { printed, failure } = await runProgram([program, text], { signal, input: '', gatherErrors: true })
  signal.throwIfAborted()
  const name = printed.trim()
  if (failure === undefined) return name
  throw failed(`${name}: error running command ${goQuote(`${program} ${text}`)}: ${failure}`)
}

function failed(message: string): StorageError {
  return new StorageError('invalid-name', message)
}
