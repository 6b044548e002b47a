import { readdir, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseTokenBlob, formatTokenBlob } from '../core/token-blob.ts'
import type { Token } from '../core/token.ts'
import { type FileCalls, followLinks, replaceFile, systemCode } from '../util/atomic-file.ts'
import { fileError } from './file-error.ts'
import type { ConfigFile } from './file.ts'
import { hashedName } from './places.ts'

/** A token in a file of its own in the state folder. */
export interface KeptToken {
  readonly path: string
  read(): Promise<Token | undefined>
  /** @throws StorageError naming the file */
  write(token: Token): Promise<void>
  remove(): Promise<void>
}

/** @param name what the login is called in messages */
export function createKeptToken(path: string, name: string, calls?: FileCalls): KeptToken {
  return {
    path,
    async read() {
      const text = await readFile(path, 'utf8').catch(ignoreAbsent)
      return text === undefined ? undefined : parseTokenBlob(text, name, `in "${path}"`)
    },
    async write(token) {
      try {
        await replaceFile(path, formatTokenBlob(token), { mode: 0o600, ...(calls && { calls }) })
      } catch (error) {
        throw fileError(error, `could not write "${path}"`)
      }
    },
    async remove() {
      await unlink(path).catch(() => undefined)
    },
  }
}

/** What the names of all files begin with that the state folder has for the token of a section. */
export async function filesOfSection({ path, stateDir }: ConfigFile, section: string): Promise<string> {
  const file = path === undefined ? '' : await followLinks(path)
  return join(stateDir, 'tokens', hashedName(file, section, ''))
}

/**
 * Where what was renewed from the token of a section is kept while the config cannot be written: by that token, so that it
 * goes before it whatever the clock said when, and a later login in the config before it; and also when the section or the
 * file has got another name since.
 */
export async function keptPathOfSection(files: string, stored: Token | undefined): Promise<string> {
  const [folder, ending] = [dirname(files), `-${hashedName('refresh', stored?.refreshToken ?? '')}.json`]
  const own = `${basename(files)}${ending}`
  const names = stored?.refreshToken ? await readdir(folder).catch(() => []) : []
  const other = names.includes(own) ? undefined : names.find((name) => name.endsWith(ending))
  return join(folder, other ?? own)
}

/**
 * Where what was renewed from a given token is kept: by that token alone, so that every process that is given it finds it,
 * whatever its config.
 */
export function keptPathOfGiven({ stateDir }: Pick<ConfigFile, 'stateDir'>, given: Token): string {
  return join(stateDir, 'tokens', `${hashedName('given', given.refreshToken || given.accessToken)}.json`)
}

function ignoreAbsent(error: unknown): undefined {
  if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error
}
