import { cp, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { StorageError } from '../../core/errors.ts'
import type { Emulator } from '../../emulator/index.ts'
import { compareTrees } from './compare-trees.ts'

/** What the scenario needs of whoever shows it. */
export interface Stage {
  /** A sentence about what comes next. */
  say(text: string): void
  /** Shows a command as one would type it, then runs it. @throws where it does not exit with 0 */
  type(args: readonly string[], config: string): Promise<void>
}

/**
 * Sends a folder to an emulated account and back, and compares.
 * @param folder is only read
 * @throws StorageError 'corrupt' where what came back is not what went up
 */
export async function playScenario(stage: Stage, folder: string, start: (stateDir: string) => Emulator): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'fjord-demo-'))
  try {
    const emulator = start(join(work, 'account'))
    try {
      await play(stage, folder, work, emulator)
    } finally {
      await emulator.close()
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function play(stage: Stage, folder: string, work: string, emulator: Emulator): Promise<void> {
  const config = join(work, 'fjord.conf')
  await writeFile(config, '', { mode: 0o600 })
  const mine = join(work, basename(folder))
  const back = join(work, 'back')
  const target = `jotta:demo/${basename(folder)}`
  await cp(folder, mine, { recursive: true, preserveTimestamps: true, filter: isPlain })
  await mkdir(join(mine, 'an empty folder'), { recursive: true })
  const type = (...args: string[]): Promise<void> => stage.type(args, config)

  const { jfsUrl, apiUrl, wwwUrl } = await emulator.listen()
  stage.say(`An emulated Jottacloud answers at ${apiUrl}. Log in with a personal login token, which can be used once:`)
  const urls = [`jfs_url=${jfsUrl}`, `api_url=${apiUrl}`, `www_url=${wwwUrl}`]
  await type(
    'config',
    'create',
    'jotta',
    'jottacloud',
    ...urls,
    'config_type=standard',
    `config_login_token=${emulator.createLoginToken()}`,
  )
  stage.say('A folder goes up:')
  await type('copy', mine, target, '--create-empty-src-dirs', '-v', '--stats', '0')
  await type('lsd', target)
  await type('ls', target)
  stage.say('The same again: nothing needs to be sent.')
  await type('copy', mine, target, '--create-empty-src-dirs', '-v', '--stats', '0')
  stage.say(`One file changes (${await changeOneFile(mine)}), one file is sent:`)
  await type('copy', mine, target, '--create-empty-src-dirs', '-v', '--stats', '0')
  stage.say('Back into an empty folder:')
  await type('copy', target, back, '--create-empty-src-dirs', '-v', '--stats', '0')
  await type('about', 'jotta:')
  await compare(stage, mine, back)
}

/** Links and special files stay behind: copy would skip them with a notice. */
async function isPlain(path: string): Promise<boolean> {
  const info = await lstat(path)
  return info.isFile() || info.isDirectory()
}

async function changeOneFile(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const first = entries.find((entry) => entry.isFile())
  const file = first ? join(first.parentPath, first.name) : join(dir, 'new.txt')
  await writeFile(file, `\nchanged on ${new Date().toISOString()}\n`, { flag: 'a' })
  return basename(file)
}

async function compare(stage: Stage, mine: string, back: string): Promise<void> {
  const { files, bytes, differences } = await compareTrees(mine, back)
  if (differences.length > 0) {
    throw new StorageError('corrupt', `what came back is not what went up:\n${differences.join('\n')}`)
  }
  stage.say(`${files} files with ${bytes} bytes went up and came back, equal byte for byte.`)
}
