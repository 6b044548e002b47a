import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceFromBytes } from '../../core/source.ts'
import { second } from '../../core/time.ts'
import { createLocalRemote } from './index.ts'

const wholeSeconds = fc.bigInt({ min: -2_147_000_000n, max: 4_294_967_295n }).map((time) => time * second)
const someTimes = fc.oneof(
  wholeSeconds,
  wholeSeconds.chain((time) => fc.bigInt({ min: time, max: time + second - 1n })),
)
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

test('times are kept as exactly as the facts say from 1902 to 2106, whole seconds exactly', async () => {
  const remote = createLocalRemote()
  const entry = await remote.write(at('timed'), sourceFromBytes(new Uint8Array(1)))
  const precision = remote.facts('').timePrecision ?? 0n
  const kept = fc.asyncProperty(someTimes, async (time) => {
    await remote.setTimes?.(entry, { modified: time })
    const written = await remote.write(at('written'), sourceFromBytes(new Uint8Array(1), { modified: time }))
    const apart = written.modified - time
    expect(apart < precision && -apart < precision, `${apart} ns apart`).toBe(true)
    if (time % second === 0n) expect(apart).toBe(0n)
    expect(await remote.stat(at('timed'))).toMatchObject({ modified: written.modified })
  })
  await fc.assert(kept, { numRuns: 200, examples: [[0n], [-1n], [-1000n], [999n], [second - 1n], [-1_500_000_001n]] })
})

test('a file is not taken for the directory whose time is set', async () => {
  const remote = createLocalRemote()
  const { modified } = await remote.write(at('file'), sourceFromBytes(new Uint8Array(1), { modified: second }))
  const setting = remote.setTimes?.({ kind: 'dir', path: at('file') }, { modified: 5n * second })
  await expect(setting).rejects.toMatchObject({ code: 'dir-not-found' })
  expect(await remote.stat(at('file'))).toMatchObject({ modified })
})

test('times are read to the nanosecond', async () => {
  writeFileSync(`${dir}/file`, 'x')
  execFileSync('touch', ['-d', '2001-02-03T04:05:06.789012345Z', `${dir}/file`])
  expect(await createLocalRemote().stat(at('file'))).toMatchObject({ modified: 981_173_106_789_012_345n })
})

test('times are left alone with noSetModtime', async () => {
  const remote = createLocalRemote({ noSetModtime: true })
  expect('setTimes' in remote).toBe(false)
  expect(remote.facts('').timePrecision).toBeUndefined()
  const entry = await remote.write(at('file'), sourceFromBytes(new Uint8Array(1), { modified: second }))
  expect(entry.modified).toBeGreaterThan(1_600_000_000n * second)
})

function at(name: string): string {
  return `${dir.slice(1)}/${name}`
}
