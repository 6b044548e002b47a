import type { CallOptions } from '../../core/stream.ts'
import type { ConfigFile } from '../file.ts'
import { clearSection, removeKeys, setKeys } from '../ini.ts'
import { forgetKeptToken } from '../token-store.ts'

/** A section while it is set up: on the disk when it is saved. */
export interface Draft {
  readonly name: string
  get(key: string): string | undefined
  set(key: string, value: string): void
  unset(key: string): void
  /** All keys in their order, but for answers. */
  values(): Readonly<Record<string, string>>
  /** Whether a login was put into it. */
  readonly loggedIn: boolean
  /** Writes what has changed; what another program has changed meanwhile stays. */
  save(options?: CallOptions): Promise<void>
}

/** What a draft begins with. */
export interface DraftStart {
  readonly name: string
  /** What the section has now, and what of it stays. */
  readonly stored: Readonly<Record<string, string>>
  /** Other sections' content under this name goes when the draft is saved first. */
  readonly replaces: boolean
}

/** Keys that begin so are answers: they are never saved. */
export const answerPrefix = 'config_'

/** A draft of a section of the config. */
export function createDraft({ name, stored, replaces }: DraftStart, config: ConfigFile): Draft {
  const values = new Map(Object.entries(stored))
  const changed = new Set(replaces ? values.keys() : [])
  let toClear = replaces
  let loggedIn = false
  let unsavedLogin = false

  const saved = (): Readonly<Record<string, string>> =>
    Object.fromEntries([...values].filter(([key]) => !key.startsWith(answerPrefix)))
  return {
    name,
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value)
      changed.add(key)
      if (key !== 'token' || value === '') return
      loggedIn = true
      unsavedLogin = true
    },
    unset(key) {
      values.delete(key)
      changed.add(key)
    },
    values: saved,
    get loggedIn() {
      return loggedIn
    },
    async save(options) {
      const keys = Object.fromEntries(Object.entries(saved()).filter(([key]) => changed.has(key)))
      const gone = [...changed].filter((key) => !values.has(key))
      if (!toClear && Object.keys(keys).length === 0 && gone.length === 0) return
      await config.edit((ini) => {
        const cleared = toClear ? clearSection(ini, name) : ini
        return setKeys(removeKeys(cleared, name, gone), name, keys)
      }, options)
      changed.clear()
      toClear = false
      if (unsavedLogin) await forgetKeptToken(config, name)
      unsavedLogin = false
    },
  }
}
