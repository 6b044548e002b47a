import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { randomCase } from './cases.ts'
import { differencesOf } from './differences.ts'
import { wrongDirTimes } from './dir-times.ts'
import type { Aspect } from './known.ts'
import { knownDifferences } from './known.ts'
import { runFjord, runRclone } from './outcome.ts'
import { createRandom } from './random.ts'

/**
 * FJORD_RCLONE: the program to compare with; the newer, the less has to be passed over. FJORD_SEED: the first seed.
 * FJORD_FUZZ: a multiple of the usual number of runs. TMPDIR on a RAM disk makes it quick.
 */
const rclone = process.env['FJORD_RCLONE'] ?? 'rclone'
const version = versionOf(rclone)
const runs = 25 * Number(process.env['FJORD_FUZZ'] ?? '1')
// The gate tries the same cases every time; the long runs look for new ones.
const fallback = process.env['FJORD_FUZZ'] === undefined ? '1' : String(Date.now() % 1_000_000)
const firstSeed = Number(process.env['FJORD_SEED'] ?? fallback)
const enough = 5
const scratch = mkdtempSync(join(tmpdir(), 'fjord-differential-'))

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe(`${runs} random trees and flags from seed ${firstSeed}`, () => {
  test.skipIf(version === undefined)(
    'end as rclone ends them on local disks (skipped where rclone is not installed)',
    async () => {
      const told: string[] = []
      let seed = firstSeed
      for (let done = 0; done < runs && told.length < enough; seed++) {
        const difference = await compare(seed, version ?? 0)
        if (difference !== 'left out') done++
        if (difference !== undefined && difference !== 'left out') told.push(difference)
      }
      process.stdout.write(`${runs} runs beside rclone, seeds ${firstSeed} to ${seed - 1}: the rest is left out\n`)
      expect(told.join('\n\n')).toBe('')
    },
    120_000 + runs * 1000,
  )
})

/** @returns what is different, undefined for nothing */
async function compare(seed: number, against: number): Promise<string | undefined> {
  const one = randomCase(createRandom(seed), against)
  const theirs = runRclone(rclone, join(scratch, `${seed}-rclone`), one)
  const { status } = theirs
  const known = knownDifferences({ one, version: against, failed: status !== 0, hung: status === null })
  if (known.some(({ not }) => not === 'anything')) return 'left out'
  const without = new Set<Aspect>(known.flatMap(({ not }) => (not === 'anything' ? [] : not)))
  const ours = await runFjord(join(scratch, `${seed}-fjord`), one)
  const differences = [
    ...differencesOf(one, { theirs, ours }, without),
    ...(without.has('directory times') ? wrongDirTimes(one, ours) : []),
  ]
  if (differences.length === 0) return undefined
  const typed = [one.command, ...one.args, ...one.flags].join(' ')
  return [`seed ${seed}: ${typed}`, ...differences, '--- rclone', theirs.stderr, '--- fjord', ours.stderr].join('\n')
}

/** Its major and minor version in one number, undefined where there is no such program. */
function versionOf(program: string): number | undefined {
  const { stdout } = spawnSync(program, ['version'], { encoding: 'utf8' })
  const [, major, minor] = /^rclone v(\d+)\.(\d+)/.exec(stdout ?? '') ?? []
  return major === undefined ? undefined : Number(major) * 100 + Number(minor)
}
