import * as fs from 'node:fs'
import { join } from 'node:path'
import { makeDirs } from '../../util/make-dirs.ts'
import { claim } from './claim.ts'
import { readLines } from './read-lines.ts'
import { JournalError } from './journal-error.ts'

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
 * Opens `journal.jsonl` in a folder and hands every line in it to `onLine`, in order. What is broken at the end, as a
 * process leaves it that ended while it wrote, is put into a file of its own and cut off, and `onWarning` says so.
 * @throws JournalError if lines follow that are whole after one that `onLine` refuses, or if it says so itself; the
 * file is left as it is. And if another process has the folder
 */
export function openJournal(
  folder: string,
  onLine: (line: string) => void,
  onWarning: (message: string) => void,
): Journal {
  makeDirs(folder)
  const release = claim(folder)
  try {
    return openClaimed(join(folder, 'journal.jsonl'), onLine, { onWarning, release })
  } catch (error) {
    release()
    throw error
  }
}

interface Opening {
  readonly onWarning: (message: string) => void
  readonly release: () => void
}

function openClaimed(file: string, onLine: (line: string) => void, { onWarning, release }: Opening): Journal {
  let lines = replay(file, onLine, onWarning)
  let descriptor: number | undefined = fs.openSync(file, 'a')
  const closeFile = (): void => {
    if (descriptor !== undefined) fs.closeSync(descriptor)
    descriptor = undefined
  }
  return {
    get lines() {
      return lines
    },
    append(added) {
      if (descriptor === undefined) throw new Error('the journal is closed')
      writeAll(descriptor, added)
      lines += added.length
    },
    rewrite(all) {
      const beside = `${file}.new`
      lines = writeLines(beside, all)
      closeFile()
      fs.renameSync(beside, file)
      descriptor = fs.openSync(file, 'a')
    },
    close() {
      if (descriptor !== undefined) release()
      closeFile()
    },
  }
}

function replay(file: string, onLine: (line: string) => void, onWarning: (message: string) => void): number {
  if (!fs.existsSync(file)) return 0
  let lines = 0
  let end = 0
  let broken: unknown
  for (const { text, next, isWhole } of readLines(file)) {
    if (broken !== undefined) {
      if (isWhole && isRecord(text)) throw damaged(file, lines + 1, broken)
      continue
    }
    try {
      if (!isWhole) throw new Error('the line is not complete')
      onLine(text)
      lines++
      end = next
    } catch (error) {
      if (error instanceof JournalError) throw aboutFile(file, error)
      broken = error
    }
  }
  if (broken !== undefined) cutOff(file, { lines, end }, onWarning)
  return lines
}

function cutOff(file: string, good: { lines: number; end: number }, onWarning: (message: string) => void): void {
  if (good.lines === 0)
    throw new JournalError('damaged', `${file} is no journal of an emulator: not even its first line`)
  const bytes = fs.statSync(file).size - good.end
  const aside = `${file}.cut-${good.end}`
  const descriptor = fs.openSync(file, 'r')
  try {
    const tail = Buffer.alloc(Math.min(bytes, 1 << 24))
    fs.readSync(descriptor, tail, 0, tail.byteLength, good.end)
    fs.writeFileSync(aside, tail)
  } finally {
    fs.closeSync(descriptor)
  }
  fs.truncateSync(file, good.end)
  onWarning(`${file} ended in ${bytes} bytes that are no whole record: they are in ${aside}, all before them is kept`)
}

function damaged(file: string, line: number, cause: unknown): JournalError {
  const message = `${file} is damaged in line ${line}, and whole records follow: nothing was changed. Put a copy back, or cut the file there`
  return new JournalError('damaged', message, { cause })
}

function aboutFile(file: string, { fault, message }: JournalError): JournalError {
  if (fault !== 'newer') return new JournalError(fault, `${file}: ${message}`)
  return new JournalError(fault, `${file} was written by a newer version of this program (${message}): use that one`)
}

function isRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'op' in value
  } catch {
    return false
  }
}

function writeLines(file: string, all: Iterable<string>): number {
  const descriptor = fs.openSync(file, 'w')
  let lines = 0
  try {
    let batch: string[] = []
    for (const line of all) {
      lines++
      if (batch.push(line) < BATCH) continue
      writeAll(descriptor, batch)
      batch = []
    }
    if (batch.length > 0) writeAll(descriptor, batch)
  } finally {
    fs.closeSync(descriptor)
  }
  return lines
}

function writeAll(descriptor: number, lines: readonly string[]): void {
  const bytes = Buffer.from(lines.join('\n') + '\n')
  for (let at = 0; at < bytes.byteLength;) at += fs.writeSync(descriptor, bytes, at)
}
