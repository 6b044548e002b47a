import type { CallOptions } from '../../core/stream.ts'
import type { ConfigFile } from '../file.ts'
import { clearSection, findSection, type Ini, rawValue, removeKeys, setKeys } from '../ini.ts'
import { forgetKeptToken } from '../token-store.ts'

/** A section while it is set up: on the disk when it is saved. */
export interface Draft {
  readonly name: string
  get(key: string): string | undefined
  set(key: string, value: string): void
  unset(key: string): void
  /** All keys in their order, but for answers. */
  values(): Readonly<Record<string, string>>
  /** Writes what has changed; what another program has changed meanwhile stays. */
  save(options?: CallOptions): Promise<void>
}

/** What a draft begins with. */
export interface DraftStart {
  readonly name: string
  /** What the section has now, or what of it stays. */
  readonly stored: Readonly<Record<string, string>>
  /** What else the section has goes when the draft is saved first. */
  readonly replaces: boolean
}

/** Keys that begin so are answers: they are never saved. */
export const answerPrefix = 'config_'

/** A draft of a section of the config. */
export function createDraft({ name, stored, replaces }: DraftStart, config: ConfigFile): Draft {
  const values = new Map(Object.entries(stored))
  const changed = new Set<string>()
  let toClear = replaces
  let unsavedLogin = false

  /** What was not set here is as the disk has it: a login may have been renewed since the draft was begun. */
  const keptOr = (ini: Ini, entries: readonly (readonly [key: string, value: string])[]): Record<string, string> => {
    const there = findSection(ini, name)
    return Object.fromEntries(
      entries.map(([key, value]) => [key, changed.has(key) ? value : (rawValue(there, key) ?? value)]),
    )
  }
  const saved = (): Readonly<Record<string, string>> =>
    Object.fromEntries([...values].filter(([key]) => !key.startsWith(answerPrefix)))
  return {
    name,
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value)
      changed.add(key)
      if (key === 'token' && value !== '') unsavedLogin = true
    },
    unset(key) {
      values.delete(key)
      changed.add(key)
    },
    values: saved,
    async save(options) {
      if (!toClear && changed.size === 0) return
      const entries = Object.entries(saved())
      const gone = [...changed].filter((key) => !values.has(key))
      await config.edit((ini) => {
        if (toClear) return setKeys(clearSection(ini, name), name, keptOr(ini, entries))
        const set = Object.fromEntries(entries.filter(([key]) => changed.has(key)))
        return setKeys(removeKeys(ini, name, gone), name, set)
      }, options)
      changed.clear()
      toClear = false
      if (unsavedLogin) await forgetKeptToken(config, name)
      unsavedLogin = false
    },
  }
}
