import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Part, UnfinishedFile, UnfinishedFiles } from '../core/remembered.ts'
import { livenessOf, ownIdentity } from '../util/process-identity.ts'
import { identityAt, readRecord, recordPath, writeRecord } from './record-file.ts'

const ending = '.claim'
/** A claim whose process cannot be looked at counts for so many milliseconds after the last part that was kept. */
const forgotten = 3_600_000

/**
 * The records of files that are fetched in parts, below the folder `root`. A file that a living process is at work on is left
 * to it: each claim is a file beside the record. Who claims makes it first and looks for those of others then, so that two
 * that come at once never both have the file.
 * @param now milliseconds since 1970
 */
export function createUnfinishedFiles(root: string, now: () => number): UnfinishedFiles {
  const claims = new Map<string, string>()
  const at = (path: string): string => recordPath(root, path)
  const leave = (path: string): void => {
    const claim = claims.get(path)
    claims.delete(path)
    if (claim !== undefined) rmSync(claim, { force: true })
  }
  return {
    claim(path) {
      const record = at(path)
      const claim = `${record}.${randomBytes(4).toString('hex')}${ending}`
      if (claims.has(path)) return 'taken'
      writeIdentity(claim)
      if (claimsOn(record).some((other) => other !== claim && isHeld(other, now()))) {
        rmSync(claim, { force: true })
        return 'taken'
      }
      claims.set(path, claim)
      return storedAt(record)
    },
    put(path, file) {
      const claim = claims.get(path)
      if (claim !== undefined) writeIdentity(claim)
      writeRecord(at(path), file)
    },
    release: leave,
    forget(path) {
      rmSync(at(path), { force: true })
      leave(path)
    },
  }
}

function writeIdentity(claim: string): void {
  writeRecord(claim, JSON.stringify(ownIdentity()))
}

function claimsOn(record: string): readonly string[] {
  const dir = dirname(record)
  const claims = readdirSync(dir).map((name) => join(dir, name))
  return claims.filter((path) => path.startsWith(`${record}.`) && path.endsWith(ending))
}

/** Whether a claim is that of a process that may be at work; one that is not is taken away. */
function isHeld(claim: string, now: number): boolean {
  const owner = identityAt(claim)
  const liveness = owner ? livenessOf(owner, ownIdentity()) : 'unknown'
  if (liveness === 'alive') return true
  const changed = statSync(claim, { throwIfNoEntry: false })?.mtimeMs
  if (changed === undefined) return false
  if (liveness === 'unknown' && now - changed < forgotten) return true
  rmSync(claim, { force: true })
  return false
}

function storedAt(path: string): UnfinishedFile | undefined {
  const record = readRecord(path)
  return isStored(record) ? record : undefined
}

/** The checksum of the record vouches for the rest of its form. */
function isStored(value: unknown): value is UnfinishedFile {
  if (typeof value !== 'object' || value === null) return false
  const { size, hash, inode, whole }: Partial<Record<keyof UnfinishedFile, unknown>> = value
  return typeof size === 'number' && typeof hash === 'string' && typeof inode === 'string' && isParts(whole)
}

function isParts(value: unknown): value is readonly Part[] {
  return Array.isArray(value)
}
