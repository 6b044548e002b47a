import { posix } from 'node:path'
import type { RemoteEnv } from '../../src/core/env.ts'
import type { Remote } from '../../src/core/remote.ts'
import type { Token } from '../../src/core/token.ts'
import type { OptionSpecs } from '../../src/options/option.ts'
import { option } from '../../src/options/option.ts'
import { bool, size, text, textList } from '../../src/options/types.ts'
import type { RemoteTableEntry } from '../../src/remotes/index.ts'
import { createMemoryRemote } from '../../src/remotes/memory/index.ts'

/** How a fake remote was opened. */
export interface Opened {
  readonly type: string
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly section: Readonly<Record<string, string>>
  readonly env: RemoteEnv
}

/** Kinds of remotes that note how they are opened: 'local' with an option, 'cloud' with a login. */
export function fakeRemotes(token: Token): { readonly table: readonly RemoteTableEntry[]; readonly opened: Opened[] } {
  const opened: Opened[] = []
  const entry = (type: string, options: OptionSpecs, login: boolean): RemoteTableEntry => ({
    type,
    summary: type,
    load: () =>
      Promise.resolve({
        type,
        summary: type,
        options,
        open: (name, values, env, section) => {
          opened.push({ type, name, options: values, section, env })
          return Promise.resolve(fakeRemote(type, name, section['display_from']))
        },
        ...(login && {
          login: (answers) => {
            if (answers['config_login_token'] === 'bad') return Promise.reject(new Error('refused'))
            const keys = { tokenURL: 'https://id', configVersion: '1' }
            return Promise.resolve(answers['config_login_token'] ? { token, keys } : undefined)
          },
        }),
      }),
  })
  return { table: [entry('local', localOptions, false), entry('cloud', cloudOptions, true)], opened }
}

const localOptions = {
  copyLinks: option(bool, false, '', { plainFlag: 'copy-links' }),
}

const cloudOptions = {
  hardDelete: option(bool, false, ''),
  memoryLimit: option(size, 1024, ''),
  device: option(text, 'Jotta', ''),
  names: option(textList, [], ''),
  password: option(text, '', '', { password: true }),
  pin: option(size, 0, '', { sensitive: true }),
}

function fakeRemote(type: string, name: string, shownFrom: string | undefined): Remote {
  const inner = createMemoryRemote()
  const describe = (path: string): string =>
    shownFrom === undefined ? `/${path}` : posix.relative(shownFrom, `/${path}`) || '．'
  return { ...inner, name, type, facts: (path) => ({ ...inner.facts(path), description: describe(path) }) }
}
