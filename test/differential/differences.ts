import type { Aspect } from './known.ts'
import type { Outcome } from './outcome.ts'
import type { Found, Tree } from './tree.ts'

export interface Comparison {
  readonly without: ReadonlySet<Aspect>
  /** What the source was. */
  readonly source: Tree
}

/** What is not the same in two outcomes: lines to be read by a person. */
export function differencesOf(theirs: Outcome, ours: Outcome, { without, source }: Comparison): readonly string[] {
  const found: string[] = []
  if (!without.has('exit code') && theirs.status !== ours.status)
    found.push(`exit code: rclone ${theirs.status}, fjord ${ours.status}`)
  for (const name of Object.keys(theirs.trees)) {
    if (name === 'backup' && without.has('backup')) continue
    const our = name === 'dst' ? withoutLuck(theirs.trees[name], ours.trees[name], source) : ours.trees[name]
    found.push(...apart(name, linesOf(theirs.trees[name], without), linesOf(our, without)))
  }
  if (without.has('reports')) return found
  for (const name of new Set([...Object.keys(theirs.reports), ...Object.keys(ours.reports)]))
    found.push(...apart(name, theirs.reports[name] ?? ['(none)'], ours.reports[name] ?? ['(none)']))
  return found
}

/**
 * fjord sets the time of a directory that something was deleted from or renamed in; rclone leaves that to the next run,
 * which finds another time.
 */
function withoutLuck(
  theirs: readonly Found[] | undefined,
  ours: readonly Found[] | undefined,
  source: Tree,
): readonly Found[] | undefined {
  const touched = new Set(theirs?.filter(({ kind, time }) => kind === 'dir' && time === 'now').map(({ path }) => path))
  return ours?.map((one) => {
    const node = source.get(one.path)
    const set = one.kind === 'dir' && node?.kind === 'dir' && one.time === String(node.time)
    return set && touched.has(one.path) ? { ...one, time: 'now' } : one
  })
}

function linesOf(found: readonly Found[] | undefined, without: ReadonlySet<Aspect>): readonly string[] {
  if (!found) return ['(missing)']
  if (without.has('which files')) return [`${found.filter(({ kind }) => kind === 'file').length} files`]
  return found.map(({ path, kind, content, time }) => {
    const timed = !without.has(kind === 'dir' ? 'directory times' : 'times')
    return [path, kind, without.has('contents') ? '' : JSON.stringify(content), timed ? time : ''].join(' ')
  })
}

function apart(name: string, theirs: readonly string[], ours: readonly string[]): readonly string[] {
  return [
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `${name} only rclone: ${line}`),
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `${name} only fjord: ${line}`),
  ]
}
