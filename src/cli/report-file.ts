import { closeSync, openSync, writeFileSync } from 'node:fs'
import { systemReason } from '../config/file-error.ts'
import { StorageError } from '../core/errors.ts'
import type { Output } from './command.ts'
import { encode, visible } from './visible.ts'

const fullBuffer = 65_536

/** Where the lines of a report go. */
export interface ReportFile extends Disposable {
  /** One line; control characters of names are made visible, a line end is added. */
  line(text: string): void
  /** Text as it is, with its own line ends. */
  text(text: string): void
}

/**
 * Opens a file for the lines of a report, emptied first; `-` is standard output. Disposing it writes what waits.
 * @throws StorageError 'io' where it cannot be opened or written
 */
export function openReportFile(target: string, out: Pick<Output, 'line' | 'text'>): ReportFile {
  if (target === '-')
    return { line: (text) => out.line(text), text: (text) => out.text(text), [Symbol.dispose]: () => undefined }
  const fd = onFile(target, 'open', () => openSync(target, 'w'))
  let waiting: string[] = []
  let length = 0
  const push = (): void => {
    if (length > 0) onFile(target, 'write', () => writeFileSync(fd, encode(waiting.join(''))))
    waiting = []
    length = 0
  }
  const add = (text: string): void => {
    waiting.push(text)
    length += text.length
    if (length >= fullBuffer) push()
  }
  return {
    line: (text) => add(`${visible(text)}\n`),
    text: add,
    [Symbol.dispose]() {
      try {
        push()
      } finally {
        closeSync(fd)
      }
    },
  }
}

function onFile<T>(target: string, call: 'open' | 'write', act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new StorageError('io', `${call} ${target}: ${systemReason(error)}`, { cause: error })
  }
}
