import { Buffer } from 'node:buffer'
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStorageError } from '../src/core/errors.ts'
import { nameFromBytes } from '../src/core/names.ts'
import type { Dialect } from '../src/emulator/index.ts'
import { worstDialect } from '../src/emulator/index.ts'
import { createLocalRemote } from '../src/remotes/local/index.ts'
import { copyDir } from '../src/sync/copy.ts'
import { syncDir } from '../src/sync/sync.ts'
import { snapshot } from './command/trees.ts'
import { fuzz } from './support/dialects.ts'
import { inDialect } from './support/emulated-jottacloud.ts'
import { recordRun } from './support/recorded-run.ts'

const numRuns = 25 * fuzz

interface File {
  readonly name: Uint8Array
  readonly content: Uint8Array
  /** Seconds since 1970. */
  readonly time: number
}

const rawName = fc.uint8Array({ minLength: 1, maxLength: 60 })
const unicodeName = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((name) => Buffer.from(name))
const nastyName = fc
  .array(fc.constantFrom(...Array.from('%:*?"<>|\\‛：％．. ~\x01\x7F\uFFFEé😀ßＡaA'), 'e\u0301', '%41', '␀'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => Buffer.from(parts.join('')))
const name = fc
  .oneof(rawName, unicodeName, nastyName)
  .map((bytes) => Uint8Array.from(bytes, (byte) => (byte === 0 || byte === 0x2f ? 0x5f : byte)))
  .filter((bytes) => bytes.length <= 255 && !/^\.{1,2}$/.test(Buffer.from(bytes).toString('latin1')))
const file: fc.Arbitrary<File> = fc.record({
  name,
  content: fc.uint8Array({ maxLength: 300 }),
  time: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
})

describe.each<[string, Partial<Dialect>]>([
  ['by default', {}],
  ['the worst', worstDialect],
])('in the dialect %s', (_, dialect) => {
  const account = inDialect(dialect)
  let work = ''
  let runs = 0
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'fjord-odd-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  test(
    'every file of a disk comes back as it was, or is reported by its name',
    { timeout: 120_000 * fuzz },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(file, { maxLength: 6 }), async (files) => {
          const [here, back] = [join(work, `here ${++runs}`), join(work, `back ${runs}`)]
          mkdirSync(back)
          plant(here, files)
          const up = recordRun()
          const [source, there] = [at(here), { remote: account().remote(), path: `tree ${runs}` }]
          await there.remote.mkdir(there.path)
          await reported(copyDir(up.ctx, source, there))
          await syncDir(recordRun().ctx, there, at(back))
          const [sent, came] = [filesIn(here), filesIn(back)]
          const failed = up.lines().filter((line) => line.startsWith('ERROR '))
          const lost = sent.filter((one) => !came.some((other) => sameFile(one, other)))
          for (const [path] of lost) expect(failed.join('\n')).toContain(`ERROR ${path}: `)
          expect(lost.length).toBeLessThanOrEqual(failed.length)
          expect(came.filter((one) => !sent.some((other) => sameFile(one, other)))).toEqual([])
          if (failed.length > 0) return // of two that are one there, the one spelled as there is taken from now on
          const again = recordRun()
          await reported(copyDir(again.ctx, source, { remote: account().remote(), path: there.path }))
          expect(again.lines().filter((line) => line.includes('Copied'))).toEqual([])
        }),
        { numRuns },
      )
    },
  )
})

type Found = readonly [name: string, what: string]

function filesIn(root: string): readonly Found[] {
  return [...snapshot(root)].map(([path, what]) => [nameFromBytes(Buffer.from(path, 'latin1')), what])
}

/** A service may keep another normal form of a name. */
function sameFile([name1, what]: Found, [name2, other]: Found): boolean {
  return what === other && name1.normalize('NFC') === name2.normalize('NFC')
}

function at(path: string) {
  return { remote: createLocalRemote(), path: path.slice(1) }
}

/** Waits for an errand whose failures have been reported. */
async function reported(errand: Promise<unknown>): Promise<void> {
  try {
    await errand
  } catch (error) {
    if (!isStorageError(error)) throw error
  }
}

function plant(root: string, files: readonly File[]): void {
  mkdirSync(root)
  for (const { name: bytes, content, time } of files) {
    const path = Buffer.concat([Buffer.from(`${root}/`), bytes])
    writeFileSync(path, content)
    utimesSync(path, time, time)
    expect(statSync(path).mtimeMs).toBe(time * 1000)
  }
}
