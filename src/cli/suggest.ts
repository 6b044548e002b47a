const nearEnough = 2

/** The names that may have been meant by `typed`: those that begin with it, and those at an edit distance of up to 2. */
export function suggestions(typed: string, names: Iterable<string>): readonly string[] {
  const wanted = typed.toLowerCase()
  return [...new Set(names)]
    .filter((name) => name.startsWith(wanted) || editDistance(wanted, name) <= nearEnough)
    .sort()
}

/** How many letters must be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
    }
    row = next
  }
  return row[b.length] ?? 0
}
