import { sourceOf } from './case-facts.ts'
import type { Case } from './cases.ts'
import type { Aspect } from './known.ts'
import type { Outcome } from './outcome.ts'
import type { Found } from './tree.ts'

/** What is not the same in two outcomes of a case: lines to be read by a person. @param without what is not compared */
export function differencesOf(
  one: Case,
  { theirs, ours }: { readonly theirs: Outcome; readonly ours: Outcome },
  without: ReadonlySet<Aspect>,
): readonly string[] {
  const found: string[] = []
  if (!without.has('exit code') && theirs.status !== ours.status)
    found.push(`exit code: rclone ${theirs.status}, fjord ${ours.status}`)
  for (const name of Object.keys(theirs.trees)) {
    const aspect = aspects[name]
    if (aspect && without.has(aspect)) continue
    const our = name === 'dst' ? withoutLuck(one, theirs.trees[name], ours.trees[name]) : ours.trees[name]
    found.push(...apart(name, linesOf(theirs.trees[name], without), linesOf(our, without)))
  }
  if (without.has('reports')) return found
  for (const name of new Set([...Object.keys(theirs.reports), ...Object.keys(ours.reports)])) {
    if (name === 'report-dest-after' && without.has('dest-after')) continue
    found.push(...apart(name, theirs.reports[name] ?? ['(none)'], ours.reports[name] ?? ['(none)']))
  }
  return found
}

const aspects: Readonly<Record<string, Aspect>> = { src: 'source', dst: 'destination', backup: 'backup' }

/** These make directories of other times the same. */
const forgiving = ['--ignore-existing', '--immutable', '--modify-window', '--size-only', '--update']

/**
 * Times of directories in fjord's destination, as rclone's where either is right. fjord sets the time of a directory that
 * something was deleted from or renamed in; rclone leaves that to the next run, which finds another time. And 1.76 sets the time of
 * all directories above one that it has set, though they count as the same; builds shortly before it do as fjord does.
 */
function withoutLuck(
  one: Case,
  theirs: readonly Found[] | undefined,
  ours: readonly Found[] | undefined,
): readonly Found[] | undefined {
  const source = sourceOf(one)
  const forgives = forgiving.some((flag) => one.flags.includes(flag))
  const theirTimes = new Map(theirs?.filter(({ kind }) => kind === 'dir').map(({ path, time }) => [path, time]))
  return ours?.map((found) => {
    const [from, before] = [source.get(found.path), one.trees.dst.get(found.path)]
    const their = theirTimes.get(found.path)
    if (found.kind !== 'dir' || from?.kind !== 'dir' || their === undefined) return found
    const isSet = found.time === String(from.time) && their === 'now'
    const stays = before?.kind === 'dir' && ['now', String(before.time)].includes(found.time)
    const isLeft = forgives && stays && their === String(from.time)
    const isTidied =
      forgives && found.time === String(from.time) && before?.kind === 'dir' && their === String(before.time)
    return isSet || isLeft || isTidied ? { ...found, time: their } : found
  })
}

function linesOf(found: readonly Found[] | undefined, without: ReadonlySet<Aspect>): readonly string[] {
  const anyDirs = without.has('which directories')
  if (!found && !anyDirs) return ['(missing)']
  const shown = (found ?? []).filter(({ kind }) => kind !== 'dir' || !anyDirs)
  if (without.has('which files')) return [`${shown.filter(({ kind }) => kind === 'file').length} files`]
  return shown.map(({ path, kind, content, time }) => {
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
