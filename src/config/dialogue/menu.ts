import type { Terminal } from '../terminal.ts'

/** Something to choose by its letter. */
export interface MenuItem<K extends string> {
  readonly key: K
  readonly text: string
}

/**
 * Shows a menu of letters and waits until one of them is typed, in any case (docs: rclone's surface 7.6).
 * @param standard what Enter takes
 */
export async function chooseLetter<K extends string>(
  terminal: Terminal,
  items: readonly MenuItem<K>[],
  standard?: K,
): Promise<K> {
  for (const { key, text } of items) terminal.say(`${key}) ${text}${key === standard ? ' (default)' : ''}\n`)
  const letters = items.map(({ key }) => key)
  for (;;) {
    const typed = (await terminal.line(`${letters.join('/')}> `)).trim().toLowerCase()
    const found = typed === '' ? standard : letters.find((letter) => letter === typed)
    if (found !== undefined) return found
    terminal.say(`${troubleOf(typed, letters)}\n`)
  }
}

/** Yes or no. */
export async function confirm(terminal: Terminal, standard: boolean): Promise<boolean> {
  const items = [
    { key: 'y', text: 'Yes' },
    { key: 'n', text: 'No' },
  ] as const
  return (await chooseLetter(terminal, items, standard ? 'y' : 'n')) === 'y'
}

function troubleOf(typed: string, letters: readonly string[]): string {
  if (typed === '') return 'This value is required and it has no default.'
  const list = letters.join(', ')
  return Array.from(typed).length === 1
    ? `This value must be one of the following characters: ${list}.`
    : `This value must be a single character, one of the following: ${list}.`
}
