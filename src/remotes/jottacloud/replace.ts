import { randomUUID } from 'node:crypto'
import type { FileEntry } from '../../core/entry.ts'
import { isStorageError, StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireFile } from './api/documents.ts'
import type { Drive } from './drive.ts'
import { fileEntry } from './entry.ts'
import type { Content, Placing } from './known.ts'
import { holding, placeKnown } from './known.ts'
import { temporaryDir } from './leftovers.ts'
import { mkdir } from './mkdir.ts'
import { refusal } from './refusal.ts'
import { removeTreeForGood } from './remove-for-good.ts'
import { lookUp } from './stat.ts'

/** How long what was begun may take to be brought to its end, in milliseconds, whatever was aborted. */
const finishing = 60_000

/** A file whose older versions are not to be kept, and the way its new content is put anywhere. */
export interface Replacement extends Placing {
  /** As it was found. */
  readonly old: WireFile
  /** Puts the content under a path where nothing is. */
  readonly put: (path: Path, options: CallOptions) => Promise<unknown>
  /** An upload that broke off is worth continuing. */
  readonly resumable: boolean
}

/** Puts content that the service has at a path: as a newer revision, or without older ones where that is wanted. */
export async function putKnown(drive: Drive, placing: Placing, options: CallOptions): Promise<FileEntry> {
  const { to, content } = placing
  const old = drive.noVersions ? await otherAt(drive, to, content, options) : undefined
  if (!old) return placeKnown(drive, placing, options)
  const put = (path: Path, o: CallOptions): Promise<unknown> => placeKnown(drive, { ...placing, to: path }, o)
  return replaceWithoutVersions(drive, { ...placing, old, put, resumable: false }, options)
}

/** The live file at `path`, where its content is not `content`. */
export async function otherAt(
  drive: Drive,
  path: Path,
  content: Content,
  options: CallOptions,
): Promise<WireFile | undefined> {
  const item = await lookUp(drive, path, options)
  const other = item?.kind === 'file' && !item.deleted && item.current !== undefined && !holding(item, content)
  return other ? item : undefined
}

/**
 * Replaces a file so that it has no older versions, and so that at every moment there is a copy, whoever else tidies up there: the
 * new content goes beside it and is verified; then the old file, if it is still the same, is set aside, the content is set at its
 * path, which sends no bytes, and verified; then both that lie beside it are removed for good, the old file with its revisions.
 * `recover` brings to its end what a crash leaves: of the two the one that it finds first takes the place, unless that is taken.
 * @throws StorageError of the put, the old file being as it was
 */
export async function replaceWithoutVersions(
  drive: Drive,
  replacement: Replacement,
  options: CallOptions,
): Promise<FileEntry> {
  const { to, content } = replacement
  const dir = temporaryDir(to, 'new', content.md5)
  const temporary = join(dir, basename(to))
  return drive.leftovers.using(dir, async () => {
    await putBeside(drive, { replacement, dir, temporary }, options)
    const whole = { signal: AbortSignal.timeout(finishing) }
    // One that nobody else has: who brought another content there meanwhile must not lose it with this
    const aside = temporaryDir(to, 'new', randomUUID())
    const entry = await drive.leftovers.using(aside, async () => {
      await setAside(drive, replacement, join(aside, basename(to)), whole)
      return await takePlace(drive, replacement, temporary, whole)
    })
    for (const done of [aside, dir]) {
      await removeTreeForGood(drive, done, whole)
      drive.leftovers.forget(done)
    }
    return entry
  })
}

/** Gives back what somebody else has put there at the last moment. */
async function setAside(drive: Drive, replacement: Replacement, aside: Path, options: CallOptions): Promise<void> {
  const { old, to, content, operation } = replacement
  await mkdir(drive, parent(aside), options)
  try {
    await relocate(drive, { operation, from: to, to: aside }, options)
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error // nothing is there any more, or the answer was lost
  }
  const now = await otherAt(drive, aside, content, options)
  if (!now || now.current?.md5 === old.current?.md5) return
  await relocate(drive, { operation, from: aside, to }, options)
  throw otherThere(drive, replacement)
}

async function putBeside(
  drive: Drive,
  { replacement, dir, temporary }: { readonly replacement: Replacement; readonly dir: Path; readonly temporary: Path },
  options: CallOptions,
): Promise<void> {
  const { content, operation, put, resumable } = replacement
  try {
    await put(temporary, options)
    if (holding(await lookUp(drive, temporary, options), content)) return await requireOld(drive, replacement, options)
    const why = 'the service does not hold what was sent; the old file is as it was'
    throw refusal('corrupt', why, { drive, operation, path: temporary, retry: 'later' })
  } catch (error) {
    const goesOn = resumable && isStorageError(error) && error.retry === 'later'
    if (goesOn) drive.leftovers.keep(dir)
    else await tidy(drive, dir)
    throw isStorageError(error) ? oldStays(error, replacement.to) : error
  }
}

/** What somebody else has put there meanwhile would be gone for good. */
async function requireOld(
  drive: Drive,
  { old, to, content, operation }: Replacement,
  options: CallOptions,
): Promise<void> {
  const now = await otherAt(drive, to, content, options)
  if (!now || now.current?.md5 === old.current?.md5) return
  throw otherThere(drive, { to, operation })
}

function otherThere(drive: Drive, { to: path, operation }: Pick<Replacement, 'to' | 'operation'>): StorageError {
  return refusal('changed', 'another content was put there meanwhile', { drive, operation, path })
}

/** The error is what matters: that something is left behind is found out by the next write. */
async function tidy(drive: Drive, dir: Path): Promise<void> {
  try {
    await removeTreeForGood(drive, dir, { signal: AbortSignal.timeout(finishing) })
    drive.leftovers.forget(dir)
  } catch (error) {
    if (!isStorageError(error) && !(error instanceof Error && error.name === 'TimeoutError')) throw error
  }
}

function oldStays(error: StorageError, path: Path): StorageError {
  const hint =
    'With no_versions the old file stays until the new one is there, so both need room: make room, or leave the option out.'
  return new StorageError(error.code, `${error.message}; the old file stays`, {
    retry: error.retry,
    effect: error.effect,
    details: { ...error.details, path, ...(error.code === 'quota' && { hint }) },
    cause: error.cause,
  })
}

/**
 * Puts the content where the old file was: by its MD5, by moving the copy there, or, where somebody has removed that copy in the
 * meantime, by sending it once more.
 */
async function takePlace(
  drive: Drive,
  replacement: Replacement,
  temporary: Path,
  options: CallOptions,
): Promise<FileEntry> {
  const { to, content, put } = replacement
  const ways = [
    () => placeKnown(drive, replacement, options),
    () => relocate(drive, { operation: replacement.operation, from: temporary, to }, options),
    () => put(to, options),
  ]
  let failure: unknown
  for (const way of ways) {
    try {
      await way()
    } catch (error) {
      if (!isStorageError(error)) throw error
      failure ??= error
    }
    const placed = holding(await lookUp(drive, to, options), content)
    if (placed?.current) return fileEntry(to, placed.current)
  }
  throw failure ?? refusal('protocol', 'the service did not keep it', { drive, operation: 'write', path: to })
}

/** Renames a file with its revisions, to a name that nothing has. */
async function relocate(
  drive: Drive,
  { operation, from, to }: { readonly operation: string; readonly from: Path; readonly to: Path },
  { signal }: CallOptions,
): Promise<void> {
  const [stored, target] = [drive.spellings.stored(from), drive.spellings.stored(to)]
  const response = await drive.jfs.transfer({ operation, path: to, stored, verb: 'mv', target, signal })
  await response.discard()
}
