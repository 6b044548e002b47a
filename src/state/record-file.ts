import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirs } from '../util/make-dirs.ts'
import type { ProcessIdentity } from '../util/process-identity.ts'
import { parseIdentity } from '../util/process-identity.ts'

/**
 * Reads a record that {@link writeRecord} has written.
 * @returns undefined where there is none, or where it is damaged: it is as good as none
 */
export function readRecord(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8')
    const end = text.indexOf('\n')
    const body = text.slice(end + 1)
    return end !== -1 && text.slice(0, end) === sumOf(body) ? JSON.parse(body) : undefined
  } catch {
    return undefined
  }
}

/** Writes a record so that others see the old or the new one, with a checksum in front of it. @throws the system's error */
export function writeRecord(path: string, record: unknown): void {
  const body = JSON.stringify(record)
  const beside = `${path}.${randomBytes(4).toString('hex')}.new`
  makeDirs(dirname(path), 0o700)
  try {
    writeFileSync(beside, `${sumOf(body)}\n${body}`, { mode: 0o600 })
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** The process that a record names. */
export function identityAt(path: string): ProcessIdentity | undefined {
  const record = readRecord(path)
  return typeof record === 'string' ? parseIdentity(record) : undefined
}

/** The paths of all records below `dir`. */
export function recordsBelow(dir: string): readonly string[] {
  return filesBelow(dir).filter((path) => path.endsWith('.json'))
}

/** The records below `dir`, and what killed processes were about to make records of. */
export function filesBelow(dir: string): readonly string[] {
  const shards = list(dir).filter((name) => name.length === 2)
  return shards.flatMap((shard) => list(join(dir, shard)).map((name) => join(dir, shard, name)))
}

/** Where the record of `key` is below `dir`: keys may be of any length and hold anything. */
export function recordPath(dir: string, key: string): string {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32)
  return join(dir, name.slice(0, 2), `${name.slice(2)}.json`)
}

function list(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

function sumOf(body: string): string {
  return createHash('md5').update(body).digest('hex')
}
