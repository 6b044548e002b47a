import type { Terminal } from '../../src/config/terminal.ts'
import { StorageError } from '../../src/core/errors.ts'

/** A terminal whose person types these lines; `text()` is what is on the screen: secrets are not. */
export function scriptedTerminal(
  lines: readonly string[],
  { interactive = true }: { readonly interactive?: boolean } = {},
): { readonly terminal: Terminal; readonly text: () => string } {
  const left = [...lines]
  let screen = ''
  const next = (): string => {
    const line = left.shift()
    if (line === undefined) throw new StorageError('config', 'Failed to read line: EOF')
    return line
  }
  const terminal: Terminal = {
    interactive,
    colours: false,
    say: (text) => void (screen += text),
    line(prompt) {
      screen += prompt
      const typed = next()
      screen += `${typed}\n`
      return Promise.resolve(typed)
    },
    secret(prompt) {
      screen += `${prompt}\n`
      return Promise.resolve(next())
    },
  }
  return { terminal, text: () => screen }
}
