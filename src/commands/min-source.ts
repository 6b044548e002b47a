import type { Invocation } from '../cli/command.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Location } from '../core/remote.ts'
import type { RunRecord } from '../core/remembered.ts'
import type { SyncOptions } from '../sync/options.ts'

/** Watches over a source that may have shrunk by accident, such as a drive that is not mounted. */
export interface Shrinking {
  /** To be asked before anything is deleted. @throws StorageError 'delete-limit' */
  readonly check: NonNullable<SyncOptions['checkSource']>
  /** The run went well: what it found is what the next one is measured by. */
  succeeded(): void
}

/** `--min-source-percent`: compares the source with what it had at the last good run of the same places and filters. */
export async function watchSource(
  { global, filter, ctx, state }: Pick<Invocation, 'global' | 'filter' | 'ctx' | 'state'>,
  { source, dest }: { readonly source: Location; readonly dest: Location },
): Promise<Shrinking | undefined> {
  const percent = global.minSourcePercent
  if (percent < 0) return undefined
  const { runs } = await state()
  const places = [source, dest].map(({ remote, path }) => remote.identity(path))
  const key = JSON.stringify([...places, filter?.dump() ?? [], filter?.files ?? [], global.maxDepth])
  let found: RunRecord | undefined
  return {
    check(now) {
      found = { ...now, at: Date.now() }
      const before = runs.get(key)
      if (before && shrunk(before, now, percent)) return Promise.reject(refusal(before, now, percent))
      return Promise.resolve()
    },
    succeeded() {
      if (!found || global.dryRun || global.interactive) return
      try {
        runs.put(key, found)
      } catch (error) {
        const text = `--min-source-percent: this run cannot be remembered: ${messageOf(error)}`
        ctx.log.log({ level: 'ERROR', text })
      }
    },
  }
}

type Found = Pick<RunRecord, 'files' | 'bytes'>

function shrunk(before: Found, now: Found, percent: number): boolean {
  return now.files * 100 < before.files * percent || now.bytes * 100 < before.bytes * percent
}

function refusal(before: Found, now: Found, percent: number): StorageError {
  const text = `nothing is deleted: the source has ${now.files} files of ${now.bytes} bytes, less than ${percent} percent of the ${before.files} files of ${before.bytes} bytes at the last good run`
  const hint = 'Look whether the source is complete; leave out --min-source-percent once if it is meant.'
  return new StorageError('delete-limit', text, { details: { hint } })
}
