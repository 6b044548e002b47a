import { isStorageError, messageOf } from '../../core/errors.ts'
import { option } from '../../options/option.ts'
import { text } from '../../options/types.ts'
import { removeSection } from '../ini.ts'
import { requireRemoteName } from '../remote-name.ts'
import { forgetKeptToken } from '../token-store.ts'
import { choose } from './ask.ts'
import { copySection, renameSection } from './sections.ts'
import { editRemote, newRemote } from './remote-dialogue.ts'
import { chooseLetter } from './menu.ts'
import { passwordMenu } from './password-menu.ts'
import type { SetUpDeps } from './set-up.ts'

const withRemotes = [
  { key: 'e', text: 'Edit existing remote' },
  { key: 'n', text: 'New remote' },
  { key: 'd', text: 'Delete remote' },
  { key: 'r', text: 'Rename remote' },
  { key: 'c', text: 'Copy remote' },
  { key: 's', text: 'Set configuration password' },
  { key: 'q', text: 'Quit config' },
] as const
const withoutRemotes = withRemotes.filter(({ key }) => ['n', 's', 'q'].includes(key))

/** The dialogue of `config`, until its person leaves (docs: rclone's surface 7.6). */
export async function runMainMenu(deps: SetUpDeps): Promise<void> {
  const { terminal, config } = deps
  for (let first = true; ; first = false) {
    await config.refresh()
    if (!first) terminal.say('\n')
    const names = [...config.names()].sort(byText)
    terminal.say(names.length > 0 ? overview(names, deps) : 'No remotes found, make a new one?\n')
    const letter = await chooseLetter(terminal, names.length > 0 ? withRemotes : withoutRemotes)
    if (letter === 'q') return
    terminal.say('\n')
    await perform(letter, names, deps)
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}

function row(name: string, type: string): string {
  return `${name.padEnd(20)} ${type}\n`
}

function overview(names: readonly string[], { config }: SetUpDeps): string {
  const rows = names.map((name) => row(name, config.get(name)?.['type'] ?? ''))
  return `Current remotes:\n\n${row('Name', 'Type')}${row('====', '====')}${rows.join('')}\n`
}

async function perform(
  letter: Exclude<(typeof withRemotes)[number]['key'], 'q'>,
  names: readonly string[],
  deps: SetUpDeps,
): Promise<void> {
  const { terminal, config, signal } = deps
  switch (letter) {
    case 'n':
      return await newRemote(await askNewName(deps), deps)
    case 's':
      return await passwordMenu(config, terminal)
    case 'e':
      return await editRemote(await chooseRemote(names, deps), deps)
    case 'd': {
      const name = await chooseRemote(names, deps)
      await config.edit((ini) => removeSection(ini, name), { signal })
      await forgetKeptToken(config, name)
      terminal.say('\n')
      return
    }
    case 'r':
    case 'c':
    default: {
      const name = await chooseRemote(names, deps)
      terminal.say(
        letter === 'r' ? `\nEnter new name for "${name}" remote.\n` : `\nEnter name for copy of "${name}" remote.\n`,
      )
      const to = await askNewName(deps)
      const change = letter === 'r' ? renameSection : copySection
      await config.edit((ini) => change(ini, name, to), { signal })
      if (letter === 'c' && config.get(name)?.['token']) {
        terminal.say(
          `The copy has no login, which two remotes cannot share: "fjord config reconnect ${to}:" makes one.\n`,
        )
      }
    }
  }
}

async function chooseRemote(names: readonly string[], { terminal }: SetUpDeps): Promise<string> {
  terminal.say('Select remote.\n')
  const examples = names.map((value) => ({ value, help: '' }))
  const name = option(text, '', '', { required: true })
  return await choose({ name: 'remote', option: name, examples, exclusive: true, standard: '' }, terminal)
}

async function askNewName({ terminal, config, platform }: SetUpDeps): Promise<string> {
  for (;;) {
    terminal.say('Enter name for new remote.\n')
    const name = (await terminal.line('name> ')).trim()
    const trouble = nameTrouble(name, platform)
    if (trouble !== undefined) terminal.say(`Can't use "${name}" as ${trouble}.\n`)
    else if (config.names().includes(name)) terminal.say(`Remote "${name}" already exists.\n`)
    else return name
  }
}

function nameTrouble(name: string, platform: NodeJS.Platform): string | undefined {
  try {
    requireRemoteName(name, platform)
    return undefined
  } catch (error) {
    if (isStorageError(error)) return messageOf(error)
    throw error
  }
}
