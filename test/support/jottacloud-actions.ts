import { Buffer } from 'node:buffer'
import type { FileEntry } from '../../src/core/entry.ts'
import type { Remote } from '../../src/core/remote.ts'
import { sourceFromBytes } from '../../src/core/source.ts'
import { collect } from '../../src/core/stream.ts'
import { second } from '../../src/core/time.ts'
import type { JottacloudOptions } from '../../src/remotes/jottacloud/index.ts'
import { all } from './recorded-run.ts'

const content = 'x'.repeat(3000)
const modified = 1_600_000_000n * second

/** Something to do with the files a, dir/b, dir/c and, in the trash, gone, and the directory empty. */
export interface Action {
  readonly options?: Partial<JottacloudOptions>
  readonly run: (remote: Remote, at: (path: string) => string) => Promise<unknown>
  /** The operations of the service that it uses. */
  readonly uses: readonly string[]
  /** Those that the service refuses, so that others are tried. */
  readonly refused?: readonly string[]
  /** With what is looked at what is there; as it is by default. */
  readonly seen?: Partial<JottacloudOptions>
  /** With a login of its own whose access token has expired. */
  readonly expired?: true
  /** A directory that may be left behind empty, on the way to the new place. */
  readonly leaves?: string
  /** Between old and new: the new file is there, and the one that it came from is still there too. */
  readonly between?: readonly [to: string, from: string]
  /** Changes that leave their traces in a folder tidy them up with the next write. */
  readonly tidies?: true
}

const noVersions = { noVersions: true }
export const actions: Readonly<Record<string, Action>> = {
  'a new file': { uses: ['allocate', 'upload'], run: (remote, at) => put(remote, at('new'), `new ${at('')}`) },
  'a replaced file': { uses: ['allocate', 'upload'], run: (remote, at) => put(remote, at('a'), `new ${at('')}`) },
  'a replaced file without versions': {
    options: noVersions,
    uses: ['allocate', 'upload', 'file', 'folder', 'rm', 'cphash', 'rmDir'],
    run: (remote, at) => put(remote, at('a'), `new ${at('')}`),
    tidies: true,
  },
  'a replaced file that may resume': {
    options: { uploadResumeLimit: 100 },
    uses: ['allocate', 'upload'],
    run: (remote, at) => put(remote, at('a'), `new ${at('')}`),
  },
  'a new file with an expired token': {
    expired: true,
    uses: ['token'],
    run: (remote, at) => put(remote, at('new'), `new ${at('')}`),
  },
  'a removal': { uses: ['file', 'dl'], run: (remote, at) => remote.remove(at('a')) },
  'a removal for good': {
    options: { hardDelete: true },
    uses: ['file', 'rm'],
    run: (remote, at) => remote.remove(at('a')),
  },
  'a directory': { uses: ['mkDir'], run: (remote, at) => remote.mkdir(at('made/below')) },
  'a directory removed': { uses: ['folder', 'dlDir'], run: (remote, at) => remote.rmdir(at('empty')) },
  'a tree removed': { uses: ['folder', 'dlDir'], run: async (remote, at) => remote.purge?.(at('dir')) },
  'a tree removed for good': {
    options: { hardDelete: true },
    uses: ['folder', 'rmDir'],
    run: async (remote, at) => remote.purge?.(at('dir')),
  },
  'the trash emptied': { uses: ['purgeTrash'], run: async (remote) => remote.cleanUp?.() },
  'what is in the trash removed': {
    options: { trashedOnly: true, hardDelete: true },
    seen: { trashedOnly: true },
    uses: ['file', 'rm'],
    run: (remote, at) => remote.remove(at('gone'), { requested: true }),
  },
  'a copy that the service makes': {
    refused: ['cphash', 'allocate'],
    uses: ['cp'],
    run: async (remote, at) => remote.copy?.(at('a'), at('dir/copy')),
  },
  'a copy': { uses: ['file', 'cphash'], run: async (remote, at) => remote.copy?.(at('a'), at('dir/copy')) },
  'a move': {
    uses: ['file', 'missing', 'mkDir', 'mv'],
    run: async (remote, at) => remote.move?.(at('a'), at('dir/a')),
  },
  'a move onto a file': {
    uses: ['file', 'cphash', 'dl'],
    run: async (remote, at) => remote.move?.(at('a'), at('dir/c')),
    between: ['dir/c', 'a'],
  },
  'a renaming of case': { uses: ['file', 'mv'], run: async (remote, at) => remote.move?.(at('a'), at('A')) },
  'a directory moved': {
    uses: ['folder', 'missing', 'mkDir', 'mvDir'],
    run: async (remote, at) => remote.moveDir?.(at('dir'), at('into/dir')),
    leaves: 'into/',
  },
  'a link': { uses: ['enableShare'], run: async (remote, at) => remote.links?.create(at('a')) },
  'a link taken away': {
    uses: ['disableShare'],
    async run(remote, at) {
      await remote.links?.create(at('a'))
      await remote.links?.remove(at('a'))
    },
  },
  room: { uses: ['user'], run: async (remote) => remote.about?.('') },
  'who it is': { uses: ['customer'], run: async (remote) => remote.userInfo?.() },
  'a listing of the root': { uses: ['mountpoint'], run: (remote) => all(remote.list('')) },
  'a listing of the trash': {
    options: { mountpoint: 'Trash' },
    uses: ['view'],
    run: (remote) => all(remote.list('')),
  },
  'a listing': { uses: ['folder'], run: (remote, at) => all(remote.list(at('dir'))) },
  'a recursive listing': {
    uses: ['liststream'],
    run: async (remote, at) => remote.listAll && all(remote.listAll(at(''))),
  },
  'a reading': { uses: ['file', 'download'], run: (remote, at) => text(remote, at('a')) },
  'times set': {
    uses: ['file', 'cphash'],
    async run(remote, at) {
      const entry = await remote.stat(at('a'))
      if (entry) await remote.setTimes?.(entry, { modified: modified + second })
    },
  },
}

/** Writes a file of a few thousand bytes that begin with `what`. */
export function put(remote: Remote, path: string, what: string): Promise<FileEntry> {
  return remote.write(path, sourceFromBytes(Buffer.from(what + content), { modified }))
}

async function text(remote: Remote, path: string): Promise<string> {
  await using reader = await remote.open(path)
  return Buffer.from(await collect(reader.stream())).toString()
}
