import * as fs from 'node:fs'
import { join } from 'node:path'

/** An append-only file of JSON lines that outlives the abrupt end of the process. */
export interface Journal {
  /** Lines in the file. */
  readonly lines: number
  /** Writes lines to the file, in one piece, before it returns. */
  append(lines: readonly string[]): void
  /** Replaces the whole file: the new one is written beside it and renamed. */
  rewrite(lines: Iterable<string>): void
  close(): void
}

const BATCH = 1000

/**
 * Opens `journal.jsonl` in a folder and hands every line in it to `onLine`, in order. A torn last line, left by a
 * process that ended while it wrote, is cut off.
 */
export function openJournal(folder: string, onLine: (line: string) => void): Journal {
  fs.mkdirSync(folder, { recursive: true })
  const file = join(folder, 'journal.jsonl')
  let lines = replay(file, onLine)
  let descriptor: number | undefined = fs.openSync(file, 'a')
  const close = (): void => {
    if (descriptor !== undefined) fs.closeSync(descriptor)
    descriptor = undefined
  }
  return {
    get lines() {
      return lines
    },
    append(added) {
      if (descriptor === undefined) throw new Error('the journal is closed')
      fs.writeSync(descriptor, added.join('\n') + '\n')
      lines += added.length
    },
    rewrite(all) {
      const beside = `${file}.new`
      lines = writeLines(beside, all)
      close()
      fs.renameSync(beside, file)
      descriptor = fs.openSync(file, 'a')
    },
    close,
  }
}

function replay(file: string, onLine: (line: string) => void): number {
  if (!fs.existsSync(file)) return 0
  const bytes = fs.readFileSync(file)
  let lines = 0
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    onLine(bytes.toString('utf8', start, end))
    start = end + 1
    lines++
  }
  if (start < bytes.byteLength) fs.truncateSync(file, start)
  return lines
}

function writeLines(file: string, all: Iterable<string>): number {
  const descriptor = fs.openSync(file, 'w')
  let lines = 0
  try {
    let batch: string[] = []
    for (const line of all) {
      lines++
      if (batch.push(line) < BATCH) continue
      fs.writeSync(descriptor, batch.join('\n') + '\n')
      batch = []
    }
    if (batch.length > 0) fs.writeSync(descriptor, batch.join('\n') + '\n')
  } finally {
    fs.closeSync(descriptor)
  }
  return lines
}
