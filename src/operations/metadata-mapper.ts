import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Metadata } from '../core/metadata.ts'
import { parseRfc3339 } from '../core/time.ts'
import { goJson } from '../options/go-json.ts'
import { goQuote } from '../options/go-syntax.ts'
import { spaceList } from '../options/types.ts'
import { runProgram } from '../util/program.ts'

/** What a mapper is told of a file or directory, in this order (rclone's surface 2.3). */
export interface Mapped {
  readonly SrcFs: string
  readonly SrcFsType: string
  readonly DstFs: string
  readonly DstFsType: string
  /** As seen from the destination. */
  readonly Remote: string
  readonly Size: number
  readonly MimeType: string
  readonly ModTime: string
  readonly IsDir: boolean
  readonly Metadata: Metadata | undefined
}

/** Gives metadata through a program; what it does not answer is not set. */
export type Mapper = (item: Mapped) => Promise<Metadata>

/**
 * Runs `command`, a program and its arguments, for each item: it reads JSON from standard input and answers JSON with
 * `Metadata`.
 * @param o `dump`: what goes to and fro is logged at DEBUG
 * @throws StorageError, from the mapper, 'io' where the program fails, or answers what makes no sense
 */
export function createMapper(ctx: Context, command: readonly string[], o: { readonly dump: boolean }): Mapper {
  const dump = (what: string, text: string): void => {
    if (o.dump) ctx.log.log({ level: 'DEBUG', text: `Metadata mapper ${what}: \n${text}\n` })
  }
  return async (item) => {
    ctx.signal.throwIfAborted()
    const input = goJson(item, '\t')
    dump('sent', input)
    const { output, errors, failure } = await runProgram(command, { signal: ctx.signal, input, gatherErrors: true })
    ctx.signal.throwIfAborted()
    if (failure !== undefined)
      throw failed(`failed on ${spaceList.format(command)}: ${goQuote(errors.trim())}: ${failure}`)
    dump('received', output)
    const answer = readAnswer(output)
    if ('problem' in answer) throw failed(`failed to read output: ${goQuote(output)}: ${answer.problem}`)
    return answer.metadata
  }
}

function failed(what: string): StorageError {
  return new StorageError('io', `metadata mapper: ${what}`)
}

type Answer = { readonly metadata: Metadata } | { readonly problem: string }

/** What other keys of an answer may be, as the mapper was given them. */
const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  srcfs: isText,
  srcfstype: isText,
  dstfs: isText,
  dstfstype: isText,
  remote: isText,
  size: Number.isInteger,
  mimetype: isText,
  modtime: (value) => isText(value) && parseRfc3339(value) !== undefined,
  isdir: (value) => typeof value === 'boolean',
  id: isText,
}

/** An answer of JSON; as in Go, keys are found in upper and lower case, and null stands for nothing. */
function readAnswer(text: string): Answer {
  if (text.trim() === '') return { problem: 'unexpected end of JSON input' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'this is no JSON' }
  }
  if (value === null) return { metadata: {} }
  if (!isObject(value)) return { problem: 'this is no JSON object' }
  let metadata: unknown
  for (const [key, member] of Object.entries(value)) {
    const name = key.toLowerCase()
    if (name === 'metadata') metadata = member
    else if (member !== null && kinds[name]?.(member) === false) return { problem: `${key} makes no sense` }
  }
  return textsOf(metadata ?? {})
}

function textsOf(metadata: unknown): Answer {
  if (!isObject(metadata)) return { problem: 'Metadata is no JSON object' }
  const texts: [string, string][] = []
  for (const [key, value] of Object.entries(metadata)) {
    if (value !== null && !isText(value)) return { problem: `the value of ${key} in Metadata is no text` }
    texts.push([key, value ?? ''])
  }
  return { metadata: Object.fromEntries(texts) }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
