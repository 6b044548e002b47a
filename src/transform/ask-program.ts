import { spawn } from 'node:child_process'
import { StorageError } from '../core/errors.ts'
import { hasEscapedBytes } from '../core/names.ts'
import { goQuote } from '../options/go-syntax.ts'

/**
 * What a program prints when it is run with `text` as its one argument, without blanks at the ends; what it says as an error
 * counts as printed, as in rclone.
 * @param program a path, or a name to be found in PATH; no shell is between
 * @throws StorageError 'invalid-name' where it cannot be run or fails; the signal's reason
 */
export async function askProgram(program: string, text: string, signal: AbortSignal): Promise<string> {
  if (hasEscapedBytes(text)) throw failed('the name is no UTF-8, and cannot be given to a program')
  const { printed, failure } = await run(program, text, signal)
  signal.throwIfAborted()
  if (failure === undefined) return printed
  throw failed(`${printed}: error running command ${goQuote(`${program} ${text}`)}: ${failure}`)
}

interface Ended {
  readonly printed: string
  readonly failure?: string | undefined
}

function run(program: string, text: string, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, [text], { signal, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => (printed += more))
    child.on('error', ({ message }) => resolve({ printed: printed.trim(), failure: message }))
    child.on('close', (code, by) => {
      const failure = code === 0 ? undefined : code === null ? `signal: ${by}` : `exit status ${code}`
      resolve({ printed: printed.trim(), failure })
    })
  })
}

function failed(message: string): StorageError {
  return new StorageError('invalid-name', message)
}
