import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { fuzz } from '../../../test/support/dialects.ts'
import { all } from '../../../test/support/recorded-run.ts'
import { isStorageError } from '../../core/errors.ts'
import { nameFromBytes } from '../../core/names.ts'
import { basename } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { second } from '../../core/time.ts'
import type { Dialect } from '../../emulator/index.ts'
import { worstDialect } from '../../emulator/index.ts'

const numRuns = 60 * fuzz
const timeout = 120_000 * fuzz

const fromDisk = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => nameFromBytes(bytes))
const fromUnicode = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })
const nasty = fc
  .array(
    fc.constantFrom(
      ...Array.from('%:*?"<>|\\/‛：％．. ~\0\x01\x7F\uFFFE\u200Bé😀＃ßＡ'),
      '\uDC80',
      '\uDCFF',
      'e\u0301',
      '%41',
      '‛41',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''))
const long = fc
  .integer({ min: 240, max: 270 })
  .chain((length) => fc.constantFrom('x'.repeat(length), '%'.repeat(length)))
const empty = new Uint8Array(0)
const anyName = fc.oneof(fromDisk, fromUnicode, nasty, long).map((name) => name.replaceAll('/', '_'))

const dialects: Readonly<Record<string, Partial<Dialect>>> = { 'by default': {}, 'the worst': worstDialect }

for (const [what, dialect] of Object.entries(dialects)) {
  describe(`in the dialect ${what}`, () => {
    let account: EmulatedJottacloud
    let remote: Remote
    let runs = 0
    beforeAll(async () => {
      account = await emulatedJottacloud({ dialect })
      remote = account.remote()
    })
    afterAll(async () => {
      await account[Symbol.asyncDispose]()
    })

    test('every name goes up, is listed and comes back equal, or is refused with the reason', { timeout }, async () => {
      await fc.assert(
        fc.asyncProperty(anyName, async (name) => {
          const dir = `names ${++runs}`
          const path = `${dir}/${name}`
          const problem = remote.nameProblem?.(path)
          try {
            await remote.write(path, sourceFromBytes(Buffer.from(name)))
          } catch (error) {
            expect(isStorageError(error, 'invalid-name'), String(error)).toBe(true)
            return
          }
          expect(problem).toBeUndefined()
          const listed = (await all(remote.list(dir))).flat()
          const kept = dialect.normalisation === 'stored' ? name.normalize('NFC') : name
          expect(listed.map((entry) => basename(entry.path))).toEqual([kept])
          await using reader = await remote.open(path)
          expect(Buffer.from(await collect(reader.stream())).toString()).toBe(Buffer.from(name).toString())
          const [entry] = listed
          const recursive = (await all(account.remote().listAll?.(dir) ?? expect.fail())).flat()
          expect(recursive.map((one) => one.path)).toEqual([entry?.path])
          expect(await remote.stat(path)).toMatchObject({ kind: 'file' })
          await remote.move?.(entry?.path ?? '', `${path}x`).catch((error: unknown) => {
            expect(isStorageError(error, 'invalid-name'), String(error)).toBe(true)
          })
        }),
        { numRuns },
      )
    })

    test('every content comes back, whatever is known of it before', { timeout }, async () => {
      const sizes = fc.oneof(
        { weight: 5, arbitrary: fc.uint8Array({ maxLength: 5000, size: 'max' }) },
        fc.constant(empty),
      )
      await fc.assert(
        fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async (bytes, sized, hashed) => {
          const source = sourceFromBytes(bytes)
          const size = sized ? bytes.length : undefined
          const hash = hashed ? source.hash : () => Promise.resolve(undefined)
          const entry = await remote.write('content', { ...source, size, hash })
          expect(entry.hashes.md5).toBe(createHash('md5').update(bytes).digest('hex'))
          expect(entry.size).toBe(bytes.length)
          await using reader = await remote.open('content')
          expect(Buffer.from(await collect(reader.stream())).equals(Buffer.from(bytes))).toBe(true)
        }),
        { numRuns },
      )
    })
  })
}

test('every time is kept to the second, before 1970 and after 2038 too', { timeout }, async () => {
  await using account = await emulatedJottacloud()
  const remote = account.remote()
  const seconds = fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n })
  const odd = fc.constantFrom(-1n, 0n, -2_208_988_800n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 253_402_300_799n)
  await fc.assert(
    fc.asyncProperty(fc.oneof(seconds, odd), fc.bigInt({ min: 0n, max: 999_999_999n }), async (whole, part) => {
      const modified = whole * second + part
      await remote.write('time', sourceFromBytes(Buffer.from('x'), { modified }))
      expect(await remote.stat('time')).toMatchObject({ modified: whole * second })
      const again = await remote.write('time', sourceFromBytes(Buffer.from('x')), { created: modified })
      await remote.setTimes?.(again, { modified })
      expect(await remote.stat('time')).toMatchObject({ modified: whole * second, created: whole * second })
    }),
    { numRuns },
  )
})
