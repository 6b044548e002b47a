import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { nameFromBytes } from '../core/names.ts'

/**
 * How a list is written: 'lines' are trimmed, without empty ones and comments, which begin with # or ;. 'raw-lines' are
 * as they are. 'nul-ended' is what NULs end.
 */
export type ListForm = 'lines' | 'raw-lines' | 'nul-ended'

/** Reads the list at a path, '-' being standard input. @throws StorageError 'config' where it cannot be read */
export type ReadList = (path: string, form: ListForm) => Promise<readonly string[]>

/** Where bytes come from. */
export interface ListSources {
  readFile(path: string): Promise<Uint8Array>
  readStandardInput(): Promise<Uint8Array>
}

/** What reads lists. Standard input is empty when it is read again. Bytes that are no UTF-8 are kept as in names. */
export function createListReader(sources: ListSources): ReadList {
  let used = false
  const read = async (path: string): Promise<Uint8Array> => {
    if (path !== '-') return await readNamed(sources, path)
    if (used) return new Uint8Array()
    used = true
    return await sources.readStandardInput()
  }
  return async (path, form) => entries(nameFromBytes(await read(path)), form)
}

function entries(text: string, form: ListForm): readonly string[] {
  if (form === 'nul-ended') return ended(text, '\0')
  const lines = ended(text, '\n').map((line) => line.replace(/\r$/, ''))
  return form === 'raw-lines' ? lines : lines.map(trim).filter((line) => line !== '' && !/^[#;]/.test(line))
}

async function readNamed(sources: ListSources, path: string): Promise<Uint8Array> {
  try {
    return await sources.readFile(path)
  } catch (error) {
    const message = isStorageError(error) ? error.message : await systemText(error, path)
    throw new StorageError('config', message, { cause: error, details: { path } })
  }
}

/** In Go's form: `open list: no such file or directory`. */
async function systemText(error: unknown, path: string): Promise<string> {
  const { getSystemErrorMap } = await import('node:util')
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined
  const code = typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined
  const words = code?.[0] === 'EISDIR' ? 'is a directory' : code?.[1]
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'open'
  return words === undefined ? `open ${path}: ${messageOf(error)}` : `${call} ${path}: ${words}`
}

function ended(text: string, end: string): string[] {
  const parts = text.split(end)
  if (parts.at(-1) === '') parts.pop()
  return parts
}

/** Go's blanks: JavaScript also has U+FEFF among them, and lacks U+0085. */
function trim(line: string): string {
  return line.replaceAll(/^(?:[^\S\uFEFF]|\u0085)+|(?:[^\S\uFEFF]|\u0085)+$/g, '')
}
