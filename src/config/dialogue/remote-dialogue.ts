import { option } from '../../options/option.ts'
import { text } from '../../options/types.ts'
import { removeSection } from '../ini.ts'
import { listProviders } from '../providers.ts'
import { optionsOfType } from '../definitions.ts'
import { describeRemote } from '../show.ts'
import { forgetKeptToken } from '../token-store.ts'
import { choose } from './ask.ts'
import { createDraft } from './draft.ts'
import { startStates } from './machine.ts'
import { chooseLetter } from './menu.ts'
import { runWithPerson } from './runs.ts'
import { prepare, type SetUpDeps } from './set-up.ts'

/** Asks for everything that a new remote needs and saves it. */
export async function newRemote(name: string, deps: SetUpDeps): Promise<void> {
  const type = await askType(deps)
  await setUp({ name, type, isNew: true }, deps)
  await keepOrNot(name, deps)
}

/** Shows a remote, asks for everything once more, what is there being the default, and saves it. */
export async function editRemote(name: string, deps: SetUpDeps): Promise<void> {
  const { terminal, config } = deps
  const type = config.get(name)?.['type'] ?? ''
  terminal.say(`\nEditing existing "${name}" remote with options:\n${await optionList(name, deps)}`)
  if ((await optionsOfType(type, deps.table)) === undefined) {
    terminal.say(`\nIts type "${type}" is none that fjord has: it stays as it is.\n`)
    return
  }
  await setUp({ name, type, isNew: false }, deps)
  await keepOrNot(name, deps)
}

async function askType({ terminal, table }: SetUpDeps): Promise<string> {
  terminal.say('\nOption Storage.\nType of storage to configure.\n')
  const providers = await listProviders(table)
  const examples = providers.map(({ type, summary }) => ({ value: type, help: summary }))
  const storage = option(text, '', '', { required: true })
  for (;;) {
    const type = await choose({ name: 'Storage', option: storage, examples, standard: '' }, terminal)
    if (providers.some((provider) => provider.type === type)) return type
    terminal.say(`There is no type of storage called "${type}".\n`)
  }
}

async function setUp(
  { name, type, isNew }: { readonly name: string; readonly type: string; readonly isNew: boolean },
  deps: SetUpDeps,
): Promise<void> {
  const stored = isNew ? {} : (deps.config.get(name) ?? {})
  const draft = createDraft({ name, stored, replaces: false }, deps.config)
  if (isNew) draft.set('type', type)
  const { machine } = await prepare({ draft, type, parameters: {}, how: 'always' }, deps)
  await runWithPerson(machine, startStates.options, deps.terminal)
  await draft.save({ signal: deps.signal })
}

async function keepOrNot(name: string, deps: SetUpDeps): Promise<void> {
  const { terminal, config, signal } = deps
  terminal.say(`\nConfiguration complete.\nOptions:\n${await optionList(name, deps)}Keep this "${name}" remote?\n`)
  const items = [
    { key: 'y', text: 'Yes this is OK' },
    { key: 'e', text: 'Edit this remote' },
    { key: 'd', text: 'Delete this remote' },
  ] as const
  const letter = await chooseLetter(terminal, items, 'y')
  if (letter === 'e') await editRemote(name, deps)
  if (letter !== 'd') return
  await config.edit((ini) => removeSection(ini, name), { signal })
  await forgetKeptToken(config, name)
}

async function optionList(name: string, deps: SetUpDeps): Promise<string> {
  const [, ...lines] = await describeRemote(name, deps)
  return lines.map((line) => (line.startsWith('#') ? '' : `- ${line.replace(' = ', ': ')}\n`)).join('')
}
