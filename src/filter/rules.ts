import { compileExpression } from './expression.ts'
import type { Matches } from './expression.ts'
import { globExpression } from './glob.ts'

/** Rules in order, of which the first that matches decides. */
export interface Rules {
  /**
   * Adds a rule behind the others; one that is there already stays where it is.
   * @throws StorageError 'config' where `glob` is no pattern
   */
  add(include: boolean, glob: string): Promise<void>
  clear(): void
  /** Whether something is included that has these names: what no rule matches is. */
  includes(...names: readonly string[]): boolean
  /** The rules as rclone shows them: `+ ^dir/$`. */
  lines(): readonly string[]
}

/** An empty list of rules. */
export function createRules(o: { readonly ignoreCase?: boolean } = {}): Rules {
  const rules = new Map<string, { readonly include: boolean; readonly matches: Matches }>()
  return {
    async add(include, glob) {
      const expression = globExpression(glob, o)
      const line = `${include ? '+' : '-'} ${expression.source}`
      if (!rules.has(line)) rules.set(line, { include, matches: await compileExpression(expression) })
    },
    clear: () => rules.clear(),
    includes(...names) {
      for (const { include, matches } of rules.values()) if (names.some((name) => matches(name))) return include
      return true
    },
    lines: () => [...rules.keys()],
  }
}
