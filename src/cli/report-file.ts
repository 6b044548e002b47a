import { closeSync, openSync, writeFileSync } from 'node:fs'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Output } from './command.ts'
import { encode, visible } from './visible.ts'

const fullBuffer = 65_536

/** Where the lines of a report go. */
export interface ReportFile extends Disposable {
  line(text: string): void
}

/**
 * Opens a file for the lines of a report, emptied first; `-` is standard output. Disposing it writes what waits.
 * @throws StorageError 'io' where it cannot be opened or written
 */
export function openReportFile(target: string, out: Pick<Output, 'line'>): ReportFile {
  if (target === '-') return { line: (text) => out.line(text), [Symbol.dispose]: () => undefined }
  const fd = onFile(target, () => openSync(target, 'w'))
  let waiting: string[] = []
  let length = 0
  const push = (): void => {
    if (length > 0) onFile(target, () => writeFileSync(fd, encode(waiting.join(''))))
    waiting = []
    length = 0
  }
  return {
    line(text) {
      waiting.push(`${visible(text)}\n`)
      length += text.length + 1
      if (length >= fullBuffer) push()
    },
    [Symbol.dispose]() {
      try {
        push()
      } finally {
        closeSync(fd)
      }
    },
  }
}

function onFile<T>(target: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new StorageError('io', `cannot write ${target}: ${messageOf(error)}`, { cause: error })
  }
}
