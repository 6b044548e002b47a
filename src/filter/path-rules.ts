import type { Logger } from '../core/context.ts'
import { goQuote } from '../options/go-syntax.ts'
import { directoryGlobs, everywhere } from './directory-globs.ts'
import type { Rules } from './rules.ts'
import { createRules } from './rules.ts'

/** Rules for files, and those for directories that follow from them. */
export interface PathRules extends Pick<Rules, 'add' | 'clear'> {
  readonly files: Rules
  readonly dirs: Rules
}

/** Empty rules for paths (rclone's surface §4.3). */
export function createPathRules(o: { readonly ignoreCase: boolean; readonly log: Logger }): PathRules {
  const files = createRules(o)
  const dirs = createRules(o)

  const include = async (glob: string): Promise<void> => {
    if (glob.endsWith('/') && !glob.includes('**')) return await dirs.add(true, glob)
    await files.add(true, glob)
    for (const dir of directoryGlobs(glob) ?? anywhere(glob, o.log)) await dirs.add(true, dir)
    if (glob.includes('**')) await dirs.add(true, glob)
  }
  const exclude = async (glob: string): Promise<void> => {
    const whole = glob.endsWith('/') ? `${glob}**` : glob
    await files.add(false, whole)
    if (whole.includes('**')) await dirs.add(false, whole)
    if (whole === '*') await dirs.add(false, everywhere)
  }
  return {
    files,
    dirs,
    add: (included, glob) => (included ? include(glob) : exclude(glob)),
    clear() {
      files.clear()
      dirs.clear()
    },
  }
}

function anywhere(glob: string, log: Logger): readonly string[] {
  const text = `Can't figure out directory filters from ${goQuote(glob)}: looking in all directories`
  log.log({ level: 'DEBUG', text })
  return [everywhere]
}
