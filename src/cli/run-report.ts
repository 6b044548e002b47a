import { Buffer } from 'node:buffer'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import type { Found, RunEvent } from '../core/context.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { nameToBytes } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { Interruption } from './interruption.ts'
import type { StatsSnapshot } from './stats-snapshot.ts'

/** Files and their bytes. */
interface Tally {
  files: number
  bytes: number
}

interface Failure {
  readonly path: Path
  /** A directory, of which nothing below is known. */
  readonly unlisted?: true
  readonly code: string
  readonly message: string
}

/** Collects what `--report` and `--report-failed` write when the run is over. */
export interface RunReport {
  report(event: RunEvent): void
  /** Another attempt begins: what the one before has found and failed is forgotten. */
  begin(): void
  /** Bytes that are new or changed. */
  wanted(): number
  /** What a dry run has found out about the space. */
  space(free: number): void
  /** @throws StorageError 'config' where a file cannot be written */
  write(end: {
    readonly command: string
    readonly dryRun: boolean
    readonly exitCode: number
    /** What the run ended with; undefined: it succeeded. Then what it had planned and not transferred has failed with it. */
    readonly cause: unknown
    readonly stats: StatsSnapshot
    readonly started: number
  }): void
}

/**
 * @param files names; '' for none. They are made at once, and keep what they have until the end
 * @throws StorageError 'config' where one cannot be written
 */
export function createRunReport(files: { readonly report: string; readonly failed: string }): RunReport {
  for (const file of [files.report, files.failed]) if (file !== '') onFile(file, () => closeSync(openSync(file, 'a')))
  let found = noTallies()
  let failures = new Map<Path, Failure>()
  let unfinished = new Set<Path>()
  let free: number | undefined
  return {
    report(event) {
      if (event.type === 'found') {
        const tally = found[event.what]
        tally.files++
        tally.bytes += event.size ?? 0
      } else if (event.type === 'error') failures.set(event.path, failureOf(event))
      else if (event.type === 'transfer-planned') unfinished.add(event.path)
      else if (event.type === 'transfer-done' && !event.failed) unfinished.delete(event.path)
    },
    begin() {
      found = noTallies()
      failures = new Map()
      unfinished = new Set()
    },
    wanted: () => found.new.bytes + found.changed.bytes,
    space(bytes) {
      free = bytes
    },
    write({ command, dryRun, exitCode, cause, stats, started }) {
      const cutOff = cause === undefined ? [] : [...unfinished].filter((path) => !failures.has(path))
      const failed = [...failures.values(), ...cutOff.map((path) => failureOf({ path, error: cause }))]
      if (files.failed !== '') write(files.failed, pathsOf(failed))
      if (files.report === '') return
      const report = {
        command,
        dryRun,
        exitCode,
        started: new Date(started).toISOString(),
        seconds: stats.elapsed / 1000,
        found,
        ...(free === undefined ? {} : { space: { free, wanted: found.new.bytes + found.changed.bytes } }),
        done: doneOf(stats),
        errors: stats.errors.count,
        failed,
      }
      write(files.report, `${JSON.stringify(report, undefined, 2)}\n`)
    },
  }
}

function noTallies(): Record<Found, Tally> {
  return { new: nothing(), changed: nothing(), same: nothing(), extra: nothing() }
}

function nothing(): Tally {
  return { files: 0, bytes: 0 }
}

function failureOf({
  path,
  error,
  unlisted,
}: Pick<RunEvent & { readonly type: 'error' }, 'path' | 'error' | 'unlisted'>): Failure {
  const code = isStorageError(error) ? error.code : error instanceof Interruption ? 'interrupted' : 'unknown'
  return { path, code, message: messageOf(error), ...(unlisted && { unlisted }) }
}

/** For `--files-from0`, where a `/` at the end means all that is below; what failed as a whole has no path. */
function pathsOf(failed: readonly Failure[]): Uint8Array {
  const ended = failed.flatMap(({ path, unlisted }) => (path === '' ? [] : `${path}${unlisted ? '/' : ''}\0`))
  return Buffer.concat(ended.map(nameToBytes))
}

function doneOf(stats: StatsSnapshot) {
  return {
    transferred: { files: stats.transfers, bytes: stats.bytes },
    checked: stats.checks,
    listed: stats.listed,
    deleted: { files: stats.deletes, bytes: stats.deletedBytes, directories: stats.deletedDirs },
    renamed: stats.renames,
    serverSide: {
      copies: { files: stats.serverSideCopies, bytes: stats.serverSideCopyBytes },
      moves: { files: stats.serverSideMoves, bytes: stats.serverSideMoveBytes },
    },
  }
}

function write(path: string, content: string | Uint8Array): void {
  onFile(path, () => writeFileSync(path, content))
}

function onFile(path: string, act: () => void): void {
  try {
    act()
  } catch (cause) {
    throw new StorageError('config', `Failed to write the report ${path}: ${messageOf(cause)}`, { cause })
  }
}
