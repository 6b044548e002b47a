import type { Entry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Time } from '../core/time.ts'
import { badValue } from '../options/bad-value.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { Change } from './kinds.ts'
import { kinds } from './kinds.ts'

/** One change of names, and whose. */
export interface Step {
  readonly concerns: ReadonlySet<Entry['kind']>
  readonly change: Change
}

const scopes: Readonly<Record<string, readonly Entry['kind'][]>> = {
  file: ['file'],
  dir: ['dir'],
  all: ['file', 'dir'],
}

/**
 * Reads one value of `--name-transform`, `[file|dir|all,]KIND[=VALUE]` (rclone's surface §1.4, convmv).
 * @throws StorageError 'config'
 */
export async function parseStep(text: string, now: Time): Promise<Step> {
  const [, scope = 'file', rest = ''] = /^(?:(file|dir|all),)?(.*)$/s.exec(text) ?? []
  const concerns = new Set(scopes[scope])
  try {
    return { concerns, change: rest === '' ? (name) => name : await changeOf(rest, now) }
  } catch (error) {
    throw new StorageError('config', `--name-transform ${goQuote(text)}: ${messageOf(error)}`, { cause: error })
  }
}

async function changeOf(text: string, now: Time): Promise<Change> {
  const [key = '', value, ...more] = text.split('=')
  if (more.length > 0) throw badValue('too many values')
  if (key === '') throw badValue('key cannot be blank')
  const kind = kinds.find(({ name }) => name.toLowerCase() === key.toLowerCase())
  if (!kind) throw badValue(`invalid choice ${goQuote(key)} from: ${kinds.map(({ name }) => name).join(', ')}`)
  if (kind.valued && value === undefined) throw badValue(`value is required for ${kind.name}`)
  return await kind.make(value ?? '', now)
}
