import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Source } from '../../core/source.ts'
import { withHashing } from '../../core/source.ts'
import { createLocalRemote } from './index.ts'
import { fingerprintKey } from './temporary.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

const at = (name: string): string => `${dir}/${name}`.slice(1)
const half = 1024 * 1024

/** Content of two batches. @param between called when the first is written */
function inTwo(between: () => unknown = () => undefined): Source {
  return withHashing({
    size: 2 * half,
    modified: 1_000_000_000n,
    known: {},
    async *stream() {
      yield new Uint8Array(half)
      await between()
      yield new Uint8Array(half)
    },
  })
}

function disk(leftAlone: boolean) {
  const ignore = (): void => undefined
  const unfinished = { claim: () => 'taken' as const, put: ignore, release: ignore, forget: ignore }
  return createLocalRemote({ remembered: { unfinished, writers: { arrive: ignore, leftAlone: () => leftAlone } } })
}

const own = (): string => `file.${fingerprintKey(at('file'), inTwo())}.partial`

test.each([
  [true, ['file']],
  [false, ['file', 'file.partial']],
])('a temporary file that is there is used where its writer was killed (%s), else left alone', async (dead, left) => {
  writeFileSync(`${dir}/${own()}`, 'half')
  await disk(dead).write(at('file'), inTwo())
  expect(
    readdirSync(dir)
      .map((name) => name.replace(/[0-9a-f]{8}\./, ''))
      .toSorted(),
  ).toEqual(left)
})

test('a temporary file that this process writes to is left alone, whoever was killed', async () => {
  const remote = disk(true)
  let names: readonly string[] = []
  const other = inTwo(() => (names = readdirSync(dir)))
  await remote.write(
    at('file'),
    inTwo(() => remote.write(at('file'), other)),
  )
  expect(names).toHaveLength(2)
  expect(names).toContain(own())
  expect(readdirSync(dir)).toEqual(['file'])
})
