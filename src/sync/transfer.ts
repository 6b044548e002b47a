import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { commonHash } from '../core/hash.ts'
import type { Location, Remote } from '../core/remote.ts'
import { sourceOf } from '../core/source-of.ts'
import type { Transfer } from './action.ts'
import type { VerifyOptions } from './verified-source.ts'
import { verifiedSource } from './verified-source.ts'

/** Brings one file to the destination, whole and verified, or not at all. */
export type TransferFile = (action: Transfer) => Promise<FileEntry>

/**
 * How files get from `source` to `dest`. Bytes are read and written; what is known of their hash is compared on the way
 * and with what the destination answers.
 * @throws StorageError, from the function, 'corrupt', 'changed', and what the remotes throw
 */
export function createTransfer(
  ctx: Context,
  source: Location,
  dest: Location,
  o: { readonly ignoreChecksum: boolean },
): TransferFile {
  const verify = verifyOptions(ctx, source, dest, o)
  return async ({ path, target, source: entry, dest: replaced }) => {
    const content = verifiedSource(sourceOf(source.remote, entry), verify)
    const written = await dest.remote.write(target, content, {
      replaces: replaced,
      signal: ctx.signal,
      onProgress: (position) => ctx.report({ type: 'transfer-progress', path, position }),
    })
    try {
      content.check(written)
    } catch (error) {
      await dest.remote.remove(written.path, { signal: ctx.signal })
      throw error
    }
    return written
  }
}

function verifyOptions(
  ctx: Context,
  source: Location,
  dest: Location,
  o: { readonly ignoreChecksum: boolean },
): VerifyOptions {
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const type = o.ignoreChecksum ? undefined : commonHash(from.hashes, to.hashes)
  // Where both sides only find a hash by reading, nothing could be compared with it.
  const comparable = !from.slowHash || !to.slowHash
  return {
    type,
    hashPassing: comparable && to.needsHashBeforeWrite !== type,
    names: { source: from.description, dest: to.description },
    pace: paceOf(ctx, source.remote, dest.remote),
  }
}

/** Bytes count against the limit of every network that they pass; between two disks against that for sending. */
function paceOf(ctx: Context, source: Remote, dest: Remote): VerifyOptions['pace'] {
  const { bandwidth } = ctx.limits
  const [far, there] = [!isDisk(source), !isDisk(dest)]
  return async (bytes, signal) => {
    if (far) await bandwidth.take('down', bytes, signal)
    if (there || !far) await bandwidth.take('up', bytes, signal)
  }
}

function isDisk(remote: Remote): boolean {
  return remote.type === 'local'
}
