import { compileExpression, type Matches } from './expression.ts'
import { globExpression } from './glob.ts'

/**
 * A glob for a text that is no path: in any case, and found anywhere in it (rclone's surface §1.2, listremotes).
 * @param exact it has to match the whole text
 * @throws StorageError 'config' where it is no glob
 */
export async function textGlob(glob: string, { exact }: { readonly exact: boolean }): Promise<Matches> {
  // A slash in front keeps it from being looked for behind one
  const whole = globExpression(`/${glob}`, { ignoreCase: true })
  const source = exact ? whole.source : whole.source.replace('^', '').replace(/\$$/, '')
  return await compileExpression({ ...whole, source })
}
