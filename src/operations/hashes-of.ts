import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Hashes, HashType } from '../core/hash.ts'
import { openHasher } from '../core/open-hasher.ts'
import type { Remote } from '../core/remote.ts'
import { limited } from './paced.ts'

/**
 * The hash of a file as its remote has it; undefined where it has none for this one.
 * @throws StorageError 'unsupported' where the remote does not have the type
 */
export async function hashOf(
  ctx: Context,
  remote: Remote,
  entry: FileEntry,
  type: HashType,
): Promise<string | undefined> {
  if (!remote.facts(entry.path).hashes.includes(type)) throw new StorageError('unsupported', 'hash type not supported')
  return entry.hashes[type] ?? (await remote.hash?.(entry, type, { signal: ctx.signal }))
}

/**
 * Several hashes of a file as its remote has them; the file is read once where hashes cost a reading.
 * @param o `onError` is told of each type that cannot be had
 */
export async function hashesOf(
  ctx: Context,
  remote: Remote,
  entry: FileEntry,
  o: { readonly types: readonly HashType[]; readonly onError: (error: unknown) => void },
): Promise<Hashes> {
  const { slowHash, hashes } = remote.facts(entry.path)
  if (slowHash && o.types.length > 1 && o.types.every((type) => hashes.includes(type))) {
    return await readHashes(ctx, remote, entry, o.types)
  }
  const found: Partial<Record<HashType, string>> = {}
  for (const type of o.types) {
    try {
      const hash = await hashOf(ctx, remote, entry, type)
      if (hash !== undefined) found[type] = hash
    } catch (error) {
      ctx.signal.throwIfAborted()
      o.onError(error)
    }
  }
  return found
}

/** Reads a file and computes its hashes, whatever the remote has. @throws StorageError 'changed', 'not-found' … */
export async function readHashes(
  ctx: Context,
  remote: Remote,
  entry: FileEntry,
  types: readonly HashType[],
): Promise<Hashes> {
  const { signal } = ctx
  const hashers = await Promise.all(types.map(async (type) => ({ type, hasher: await openHasher(type) })))
  await using reader = await remote.open(entry.path, { signal, expect: entry })
  const content = reader.stream({}, { signal })
  const onDisk = remote.facts(entry.path).slowHash
  for await (const chunk of onDisk ? content : limited(ctx, 'down', content))
    for (const { hasher } of hashers) hasher.update(chunk)
  return Object.fromEntries(hashers.map(({ type, hasher }) => [type, hasher.digest()]))
}
