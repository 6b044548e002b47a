import type { Context } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import type { Metadata } from '../core/metadata.ts'
import type { Path } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import type { MetadataCarrier } from '../operations/carry-metadata.ts'

/** A directory, and where it is to be. */
interface DirOnTheWay {
  /** The whole path on the source's remote. */
  readonly from: Path
  /** The whole path on the destination's remote. */
  readonly target: Path
  /** The source's. */
  readonly modified: Time | undefined
}

/** Gives directories of the destination the metadata of the source's. */
export interface DirMetadata {
  /**
   * @param o `early`: contents are still to come. A directory that its owner may not write into stays open to him until it is set
   * again or all is finished, and keeps another time until then, so that the next run puts right what this one leaves undone.
   */
  set(dir: DirOnTheWay, o: { readonly early: boolean }): Promise<void>
  /** Closes what is still open; what fails is logged. */
  finish(): Promise<void>
}

/** Whether both sides keep metadata of directories. */
export function keepsDirMetadata(source: Location, dest: Location): boolean {
  return [source, dest].every(({ remote, path }) => remote.facts(path).dirMetadata === true)
}

/** @returns undefined where directories get their time alone */
export function createDirMetadata(
  ctx: Context,
  source: Location,
  dest: Location,
  carrier: MetadataCarrier | undefined,
): DirMetadata | undefined {
  if (!carrier || !keepsDirMetadata(source, dest)) return undefined
  const open = new Map<Path, Metadata>()
  const apply = async (target: Path, metadata: Metadata, signal?: AbortSignal): Promise<void> =>
    dest.remote.setMetadata?.({ kind: 'dir', path: target }, metadata, { signal })
  return {
    async set({ from, target, modified }, { early }) {
      const metadata = await carrier.ofDir({ kind: 'dir', path: from, modified })
      const opened = early ? openedMode(metadata) : undefined
      if (opened === undefined) {
        await apply(target, metadata, ctx.signal)
        open.delete(target)
      } else {
        const { mtime: _, atime: __, ...rest } = metadata
        open.set(target, metadata)
        await apply(target, { ...rest, mode: opened }, ctx.signal)
      }
    },
    async finish() {
      for (const [target, metadata] of open) {
        try {
          await apply(target, metadata)
        } catch (error) {
          const text = `Failed to update directory timestamp or metadata: ${messageOf(error)}`
          ctx.log.log({ level: 'ERROR', object: target, text })
        }
      }
      open.clear()
    },
  }
}

/** The mode with all rights of the owner; undefined where it has them. */
function openedMode({ mode = '' }: Metadata): string | undefined {
  const bits = /^\+?[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : 0o700
  return (bits & 0o700) === 0o700 ? undefined : (bits | 0o700).toString(8)
}
