import { createHash, randomUUID } from 'node:crypto'
import { wholeSeconds } from './documents/dates.ts'
import type { Service } from './exchange.ts'
import { checkStoredNames } from './names.ts'
import { checkNewPlace, checkWay, splitPath } from './places.ts'
import type { Change, PutChange } from './state/changes.ts'
import { generatedMd5 } from './state/generated-content.ts'
import { contentKey } from './state/world.ts'

/** A file to be put into the account without any request. */
export interface SeedFile {
  /** Below the built-in device, such as `Archive/dir/a.txt`. */
  readonly path: string
  /** Bytes; may be left out if `content` is given. */
  readonly size?: number
  readonly content?: string | Uint8Array
  /** Hex. Left out, it is the true one; a file with an MD5 of its own has made-up bytes that do not match it. */
  readonly md5?: string
  /** Milliseconds since 1970; the emulator's present time if left out. */
  readonly modified?: number
  /** Takes names that no request could give: those that other programs have stored their own way, such as `a:b`. */
  readonly asStored?: boolean
}

/** Puts files into the account, far quicker than by requests. Files without content get bytes made up from their size. */
export function seed(service: Pick<Service, 'store' | 'dialect'>, files: Iterable<SeedFile>): void {
  const { store } = service
  const md5OfSize = new Map<number, string>()
  const trueMd5 = (size: number): string => {
    const md5 = md5OfSize.get(size) ?? generatedMd5(size)
    md5OfSize.set(size, md5)
    return md5
  }
  function* changes(): Generator<Change> {
    for (const file of files) {
      const put = putOf(service, file, trueMd5)
      if (file.content === undefined) yield { op: 'generated', md5: put.md5, size: put.size }
      yield put
    }
  }
  store.commitAll(changes())
}

function putOf(
  service: Pick<Service, 'store' | 'dialect'>,
  file: SeedFile,
  trueMd5: (size: number) => string,
): PutChange {
  const { store } = service
  const path = ['Jotta', ...splitPath(file.path)]
  if (file.asStored) {
    checkStoredNames(path)
    checkWay(service, path)
  } else checkNewPlace(service, path)
  const at = store.now()
  const modified = wholeSeconds(file.modified ?? at)
  const content = file.content === undefined ? undefined : Buffer.from(file.content)
  const size = content?.byteLength ?? file.size ?? 0
  const md5 = file.md5 ?? (content === undefined ? trueMd5(size) : createHash('md5').update(content).digest('hex'))
  if (content !== undefined) store.world.blobs.put(contentKey({ md5, size }), content)
  return { op: 'put', path, md5, size, created: modified, modified, uuid: randomUUID(), at }
}
