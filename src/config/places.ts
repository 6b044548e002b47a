import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { makeDirs } from '../util/make-dirs.ts'

/** What decides where files are. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly platform: NodeJS.Platform
  /** The folder of the program, which may hold a rclone.conf. */
  readonly programDir?: string | undefined
}

/**
 * Where the config file is, or is to be: the flag, RCLONE_CONFIG, the first of the usual places that exists, or else where a
 * new one goes, whose folder is made (docs: rclone's surface 7.1, "Where").
 * @param flag the value of --config
 * @returns an absolute path; undefined: in memory only
 */
export async function findConfigPath(flag: string | undefined, around: Surroundings): Promise<string | undefined> {
  const named = flag ?? around.environment['RCLONE_CONFIG']
  if (named !== undefined) return isMemoryOnly(named, around.platform) ? undefined : resolve(around.cwd, named)
  const folders = configFolders(around)
  const old = join(homeOrHere(around), '.rclone.conf')
  for (const path of [...folders.map((folder) => join(folder, 'rclone.conf')), old]) {
    if (await exists(path)) return path
  }
  const folder = folders.find((candidate) => candidate !== around.programDir)
  return folder !== undefined && isMade(folder) ? join(folder, 'rclone.conf') : old
}

/** Where fjord keeps what it must remember and what belongs into no config: `$XDG_STATE_HOME/fjord` and its like. */
export function stateFolder(around: Surroundings): string {
  const { environment: env, platform } = around
  const local = platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_STATE_HOME']
  if (local !== undefined && isAbsolute(local)) return join(local, 'fjord')
  return join(homeOrHere(around), '.local', 'state', 'fjord')
}

/** Where fjord keeps what it can do without. */
export function cacheFolder(around: Pick<Surroundings, 'environment' | 'platform' | 'cwd'>): string {
  const { environment: env, platform } = around
  const place = platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME']
  if (place !== undefined && isAbsolute(place)) return join(place, 'fjord')
  return join(homeOrHere(around), platform === 'darwin' ? 'Library/Caches' : '.cache', 'fjord')
}

/** A file name that stands for some texts, the same in every run. */
export function hashedName(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32)
}

function isMemoryOnly(path: string, platform: NodeJS.Platform): boolean {
  if (path === '' || basename(path) === 'notfound') return true
  return platform === 'win32' ? path.toUpperCase() === 'NUL' : path === '/dev/null'
}

function configFolders(around: Surroundings): readonly string[] {
  const { environment: env, platform } = around
  const own = home(around)
  const folders = [
    around.programDir,
    platform === 'win32' && env['APPDATA'] ? join(env['APPDATA'], 'rclone') : undefined,
    env['XDG_CONFIG_HOME'] ? join(env['XDG_CONFIG_HOME'], 'rclone') : undefined,
    own ? join(own, '.config', 'rclone') : undefined,
  ]
  return folders.filter((folder) => folder !== undefined).map((folder) => resolve(around.cwd, folder))
}

/** '' where there is none: programs in containers may run as a user of whom the system knows nothing. */
function home({ environment: env, platform }: Pick<Surroundings, 'environment' | 'platform'>): string {
  const named = platform === 'win32' ? env['USERPROFILE'] : env['HOME']
  if (named) return named
  try {
    return userInfo().homedir
  } catch {
    return ''
  }
}

/** The working directory where there is no home, as rclone has it. */
function homeOrHere(around: Pick<Surroundings, 'environment' | 'platform' | 'cwd'>): string {
  return home(around) || around.cwd
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function isMade(folder: string): boolean {
  try {
    makeDirs(folder, 0o700)
    return true
  } catch {
    return false
  }
}
