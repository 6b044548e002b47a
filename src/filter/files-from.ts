import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent } from '../core/path.ts'
import type { ListForm, ReadList } from './read-list.ts'

/** The files of --files-from and its relatives: the only ones there are. */
export interface ListedFiles {
  readonly files: ReadonlySet<Path>
  /** Directories of which all that is below is meant: those of `--files-from0` that end in a slash. */
  readonly trees: ReadonlySet<Path>
  /** Their directories, all the way up. */
  readonly dirs: ReadonlySet<Path>
}

interface FilesFromTexts {
  readonly filesFrom: readonly string[]
  readonly filesFromRaw: readonly string[]
  readonly filesFrom0: readonly string[]
}

/**
 * Reads the lists of files (rclone's surface §4.1). Slashes at both ends and '.' parts are left out, and so is a path that
 * leads out of the root, which the log tells. A slash at the end of a name of `--files-from0` means a whole directory.
 * @param others whether there is any other rule or limit, which lists do not go with
 * @returns undefined where no list was asked for
 * @throws StorageError 'config' where a list does not go with others or cannot be read
 */
export async function readFilesFrom(
  texts: FilesFromTexts,
  others: boolean,
  { readList, log }: { readonly readList: ReadList; readonly log: Logger },
): Promise<ListedFiles | undefined> {
  const kinds: readonly { readonly flag: string; readonly from: readonly string[]; readonly form: ListForm }[] = [
    { flag: '--files-from', from: texts.filesFrom, form: 'lines' },
    { flag: '--files-from-raw', from: texts.filesFromRaw, form: 'raw-lines' },
    { flag: '--files-from0', from: texts.filesFrom0, form: 'nul-ended' },
  ]
  const used = kinds.filter(({ from }) => from.length > 0)
  if (used[0] === undefined) return undefined
  if (others)
    throw notTogether(
      used[0].flag,
      kinds.map(({ flag }) => flag),
    )
  const [files, trees] = [new Set<Path>(), new Set<Path>()]
  for (const { from, form } of used) {
    for (const list of from)
      for (const name of await readList(list, form))
        add(form === 'nul-ended' && name.endsWith('/') ? trees : files, name, log)
  }
  return { files, trees, dirs: new Set([...files, ...trees].flatMap(parents)) }
}

function notTogether(flag: string, flags: readonly string[]): StorageError {
  const friends = flags.filter((other) => other !== flag).join(' or ')
  return new StorageError(
    'config',
    `the usage of ${flag} overrides all other filters, it should be used alone or with ${friends}`,
  )
}

function add(paths: Set<Path>, name: string, log: Logger): void {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) log.log({ level: 'NOTICE', object: name, text: 'Left out: the path leads out of the root' })
  else if (parts.length > 0) paths.add(parts.join('/'))
}

function parents(path: Path): Path[] {
  const dir = parent(path)
  return dir === '' ? [] : [dir, ...parents(dir)]
}
