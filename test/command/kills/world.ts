import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isStorageError } from '../../../src/core/errors.ts'
import type { Remote } from '../../../src/core/remote.ts'
import { createJottacloud } from '../../../src/remotes/jottacloud/index.ts'
import { logIn, quickHttp, tokensInMemory } from '../../support/emulated-jottacloud.ts'
import type { Account } from '../fjord.ts'

/** A file as a case describes it: what it holds is told apart by a label. */
export interface Planned {
  readonly label: string
  /** Bytes, at the least. */
  readonly size: number
  /** Seconds since 1970. */
  readonly modified: number
}

export type Tree = Readonly<Record<string, Planned>>

/** The places that a run is about: each on the disk or in the account. */
export type PlaceName = 'source' | 'dest' | 'backup'
export type Kinds = Readonly<Record<PlaceName, 'local' | 'jotta'>>

/** What is in all places: `place:path` → what the file there holds, and its time. */
export type Snapshot = ReadonlyMap<string, { readonly label: string; readonly modified: number }>

/** The places of one run, with contents that no other run has, so that the service knows none of them yet. */
export interface World {
  /** How the command names a place. @param options of the account, as they stand in a connection string */
  at(place: PlaceName, options: string): string
  /** Where a place on the disk is. */
  folder(place: PlaceName): string
  plant(trees: Readonly<Partial<Record<PlaceName, Tree>>>): void
  look(): Promise<Snapshot>
  remove(): Promise<void>
}

/** Where the config is, and what the account is filled with. */
export type Planting = Pick<Account, 'home' | 'emulator'>

/** Stands for content that is none of those that were planted. */
const unknown = 'something else'
const pool = randomBytes(32 << 20)
const places: readonly PlaceName[] = ['source', 'dest', 'backup']

/** The account as one that looks at it from outside. */
export async function openWitness({ home, emulator }: Planting): Promise<Remote> {
  const config = readFileSync(join(home, 'fjord.conf'), 'utf8')
  const value = (key: string): string => new RegExp(`^${key} = (.*)$`, 'm').exec(config)?.[1] ?? ''
  const [jfsUrl, apiUrl, wwwUrl] = [value('jfs_url'), value('api_url'), value('www_url')]
  const tokenUrl = `${apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
  const tokens = tokensInMemory(await logIn(emulator.createLoginToken()))
  return createJottacloud({ tokens, http: quickHttp, jfsUrl, apiUrl, wwwUrl, tokenUrl, hardDelete: true })
}

export function createWorld({ home, emulator }: Planting, witness: Remote, name: string, kinds: Kinds): World {
  const labels = new Map<string, string>()
  const local = (place: PlaceName): string => join(home, name, place)
  const contentOf = ({ label, size }: Planned): Buffer => {
    const header = Buffer.from(`${label} of ${name}\n`)
    const content = Buffer.concat([header, pool.subarray(0, Math.max(0, size - header.length))])
    labels.set(md5Of(content), label)
    return content
  }
  const found = (md5: string | undefined, seconds: number) => ({
    label: labels.get(md5 ?? '') ?? unknown,
    modified: seconds,
  })
  return {
    at: (place, options) => (kinds[place] === 'local' ? local(place) : `jotta${options}:${name}/${place}`),
    folder: local,
    plant(trees) {
      mkdirSync(join(home, name), { recursive: true })
      for (const place of places) {
        const files = Object.entries(trees[place] ?? {}).map(([path, file]) => ({
          path,
          file,
          content: contentOf(file),
        }))
        if (kinds[place] === 'local') for (const each of files) write(join(local(place), each.path), each)
        else {
          const seeds = files.map(({ path, file, content }) => ({
            path: `Archive/${name}/${place}/${path}`,
            content,
            modified: file.modified * 1000,
          }))
          emulator.seed(seeds)
        }
      }
    },
    async look() {
      const snapshot = new Map<string, { label: string; modified: number }>()
      for (const place of places) {
        const files = kinds[place] === 'local' ? onDisk(local(place)) : await inAccount(witness, `${name}/${place}`)
        for (const { path, md5, seconds } of files) snapshot.set(`${place}:${path}`, found(md5, seconds))
      }
      return snapshot
    },
    async remove() {
      rmSync(join(home, name), { recursive: true, force: true })
      try {
        await witness.purge?.(name)
      } catch (error) {
        if (!isStorageError(error, 'dir-not-found')) throw error
      }
    },
  }
}

interface Found {
  readonly path: string
  readonly md5: string | undefined
  readonly seconds: number
}

function onDisk(root: string): readonly Found[] {
  if (!existsSync(root)) return []
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return names.flatMap((path) => {
    const info = statSync(join(root, path))
    const seconds = Math.floor(info.mtimeMs / 1000)
    return info.isFile() ? [{ path, md5: md5Of(readFileSync(join(root, path))), seconds }] : []
  })
}

async function inAccount(witness: Remote, root: string): Promise<readonly Found[]> {
  const found: Found[] = []
  const visit = async (dir: string): Promise<void> => {
    for await (const page of witness.list(dir))
      for (const entry of page) {
        if (entry.kind === 'dir') await visit(entry.path)
        else {
          const seconds = Number(entry.modified / 1_000_000_000n)
          found.push({ path: entry.path.slice(root.length + 1), md5: entry.hashes.md5, seconds })
        }
      }
  }
  try {
    await visit(root)
  } catch (error) {
    if (!isStorageError(error, 'dir-not-found')) throw error
  }
  return found
}

function write(path: string, { file, content }: { readonly file: Planned; readonly content: Buffer }): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  utimesSync(path, file.modified, file.modified)
}

function md5Of(content: Buffer): string {
  return createHash('md5').update(content).digest('hex')
}
