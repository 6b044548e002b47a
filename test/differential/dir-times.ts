import type { Case } from './cases.ts'
import type { Outcome } from './outcome.ts'

/** Flags that do not keep a directory from getting the time of its source. */
const idle: ReadonlySet<string> = new Set([
  '--backup-dir',
  '--check-first',
  '--checkers',
  '--checksum',
  '--create-empty-src-dirs',
  '--delete-after',
  '--delete-before',
  '--delete-during',
  '--delete-empty-src-dirs',
  '--error-on-no-transfer',
  '--ignore-errors',
  '--ignore-size',
  '--ignore-times',
  '--metadata',
  '--no-update-modtime',
  '--order-by',
  '--refresh-times',
  '--skip-links',
  '--suffix',
  '--suffix-keep-extension',
  '--transfers',
])

/**
 * The times of directories where an older rclone is no measure for them: after a plain run those that both sides have are
 * the source's (rclone's surface §5.2, "Directories").
 */
export function wrongDirTimes(
  { command, args, flags, trees }: Case,
  { status, trees: after }: Outcome,
): readonly string[] {
  const plain = status === 0 && command !== 'check' && args.join() === '{}/src,{}/dst'
  if (!plain || flags.some((flag) => flag.startsWith('--') && !idle.has(flag))) return []
  return (after['dst'] ?? []).flatMap(({ path, kind, time }) => {
    const source = trees.src.get(path)
    if (kind !== 'dir' || source?.kind !== 'dir' || String(source.time) === time) return []
    return [`time of ${path}: ${time}, ${source.time} in the source`]
  })
}
