import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { StorageError } from '../../core/errors.ts'
import type { Emulator } from '../../emulator/index.ts'
import { compareTrees } from './compare-trees.ts'
import { copyPlainTree, placeIn, plainTree, type PlainTree } from './plain-tree.ts'

/** What the scenario needs of whoever shows it. */
export interface Stage {
  /** A sentence about what comes next. */
  say(text: string): void
  /**
   * Shows a command as one would type it, then runs it.
   * @param config its config file; what it remembers is kept beside it
   * @throws where it does not exit with 0
   */
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
  const tree = await plainTree(folder)
  for (const dir of ['home', 'from', 'to']) await mkdir(join(work, dir))
  const config = join(work, 'home/fjord.conf')
  await writeFile(config, '', { mode: 0o600 })
  const mine = join(work, 'from', basename(folder))
  const back = join(work, 'to', basename(folder))
  const target = `jotta:demo/${basename(folder)}`
  await copyPlainTree(tree, folder, mine)
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
  stage.say(`One file changes (${await changeOneFile(mine, tree)}), one file is sent:`)
  await type('copy', mine, target, '--create-empty-src-dirs', '-v', '--stats', '0')
  stage.say('Back into an empty folder:')
  await type('copy', target, back, '--create-empty-src-dirs', '-v', '--stats', '0')
  await type('about', 'jotta:')
  await compare(stage, mine, back)
}

/** @returns its path */
async function changeOneFile(dir: string, tree: PlainTree): Promise<string> {
  const [path = 'new.txt'] = [...tree].find(([, kind]) => kind === 'file') ?? []
  await writeFile(placeIn(dir, path), `\nchanged on ${new Date().toISOString()}\n`, { flag: 'a' })
  return Buffer.from(path, 'latin1').toString()
}

async function compare(stage: Stage, mine: string, back: string): Promise<void> {
  const { files, bytes, differences } = await compareTrees(mine, back)
  if (differences.length > 0) {
    throw new StorageError('corrupt', `what came back is not what went up:\n${differences.join('\n')}`)
  }
  stage.say(`${files} files with ${bytes} bytes went up and came back, equal byte for byte.`)
}
