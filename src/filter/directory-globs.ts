/**
 * The directories where files that match a pattern may be, as patterns that end in '/' (rclone's surface §4.3 rule 3).
 * @returns undefined where the pattern cannot be cut into directories: all are to be looked at
 */
export function directoryGlobs(glob: string): readonly string[] | undefined {
  if (/\{\{|\}\}|\{[^{}]*\{|\{[^{}]*(?:\/|\*\*)[^{}]*\}/.test(glob)) return undefined
  const found: string[] = []
  let rest = glob
  for (;;) {
    const slash = rest.lastIndexOf('/')
    const stars = rest.lastIndexOf('**')
    if (slash === -1 && stars === -1) break
    const prefix = stars > slash ? rest.slice(0, stars + 2) : rest.slice(0, slash)
    rest = rest.slice(0, Math.max(stars, slash))
    found.push(`${prefix}/`.replaceAll(/\/+/g, '/'))
  }
  if (found.length === 0) return [everywhere]
  return found.filter((dir) => dir !== '/')
}

/** The pattern of all there is. */
export const everywhere = '/**'
