import { describe, expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { dryRunGate } from '../operations/gate.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { check } from './check.ts'
import type { CheckOptions } from './check.ts'

const source = { same: 'abc', size: 'abcd', hash: 'abc', gone: 'x', 'd/e': 'deep' }
const dest = { same: 'abc', size: 'abc', hash: 'abd', extra: 'y', 'd/f': 'new' }

async function remoteOf(tree: Readonly<Record<string, string>>, hashes: readonly 'md5'[] = ['md5']): Promise<Remote> {
  const remote = createMemoryRemote({ hashes })
  await plant(remote, tree)
  return remote
}

interface Sides {
  readonly source: Remote
  readonly dest: Remote
}

async function checked(o: CheckOptions & { readonly file?: string; readonly from?: string } = {}, sides?: Sides) {
  const { source: a, dest: b } = sides ?? { source: await remoteOf(source), dest: await remoteOf(dest) }
  const run = recordRun()
  const outcomes: string[] = []
  const onOutcome = (outcome: string, path: string): void => void outcomes.push(`${outcome} ${path}`)
  const place = { remote: a, path: o.from ?? '', file: o.file }
  const error: unknown = await check(run.ctx, place, { remote: b, path: '' }, { ...o, onOutcome }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { error, run, lines: run.lines(), outcomes: outcomes.toSorted() }
}

describe('check', () => {
  test('a gate may keep files from being compared; what is on one side alone is told all the same', async () => {
    const run = recordRun()
    const { outcomes, error } = await checked({ gate: dryRunGate(run.ctx.log) })
    expect(outcomes).toEqual([
      'missing-on-dst d/e',
      'missing-on-dst gone',
      'missing-on-src d/f',
      'missing-on-src extra',
    ])
    expect(error).toMatchObject({ message: '4 differences found' })
    expect(run.lines()).toContain('NOTICE size: Skipped check as --dry-run is set (size 4)')
  })

  test('a missing source is what it ends with, whatever else is wrong', async () => {
    const there = await remoteOf(dest)
    const blind: Remote = {
      ...there,
      async *list(path, o) {
        o?.onError?.(new StorageError('permission', 'may not be looked at', { details: { path: 'd/x' } }))
        yield* there.list(path, o)
      },
    }
    const { error, lines } = await checked({ from: 'nosuch' }, { source: await remoteOf(source), dest: blind })
    expect(error).toMatchObject({ code: 'dir-not-found' })
    expect(lines).toContain("NOTICE memory root '': 4 differences found")
  })

  test('a login that has ended is what it ends with, though the source is missing', async () => {
    const auth = (): never => {
      throw new StorageError('auth', 'log in again')
    }
    const locked: Remote = { ...(await remoteOf(dest)), list: auth, listAll: auth }
    const { error } = await checked({ from: 'nosuch' }, { source: await remoteOf(source), dest: locked })
    expect(error).toMatchObject({ code: 'auth' })
  })

  test('who quits hears nothing more', async () => {
    const { lines, error } = await checked({ gate: () => 'quit', oneWay: true, ignoreSize: true })
    expect(error).toBeUndefined()
    expect(lines.filter((line) => line.startsWith('NOTICE'))).toEqual([])
  })

  test('compares by size and hash and names every difference', async () => {
    const { error, run, lines, outcomes } = await checked()
    expect(outcomes).toEqual([
      'differ hash',
      'differ size',
      'match same',
      'missing-on-dst d/e',
      'missing-on-dst gone',
      'missing-on-src d/f',
      'missing-on-src extra',
    ])
    expect(lines).toEqual([
      "ERROR d/e: file not in memory root ''",
      "ERROR d/f: file not in memory root ''",
      "ERROR extra: file not in memory root ''",
      "ERROR gone: file not in memory root ''",
      'ERROR hash: md5 differ',
      'ERROR size: sizes differ',
      'INFO Using md5 for hash comparisons',
      "NOTICE memory root '': 1 matching files",
      "NOTICE memory root '': 2 files missing",
      "NOTICE memory root '': 2 files missing",
      "NOTICE memory root '': 6 differences found",
      "NOTICE memory root '': 6 errors while checking",
    ])
    expect(error).toMatchObject({ code: 'corrupt', message: '6 differences found', details: { summary: true } })
    expect(run.of('error')).toHaveLength(6)
    expect(run.of('check-done')).toHaveLength(3)
  })

  test('what only the destination has is fine one way', async () => {
    const { outcomes } = await checked({ oneWay: true })
    expect(outcomes.filter((outcome) => outcome.startsWith('missing-on-src'))).toEqual([])
    expect(outcomes).toContain('missing-on-dst d/e')
  })

  test('sizes alone, or contents, can be compared', async () => {
    expect((await checked({ sizeOnly: true })).outcomes).toContain('match hash')
    const { lines, outcomes } = await checked({ download: true })
    expect(outcomes).toEqual((await checked()).outcomes)
    expect(lines).toContain('ERROR hash: contents differ')
    expect(lines.some((line) => line.includes('hash comparisons'))).toBe(false)
  })

  test('without a common hash files of one size match unchecked', async () => {
    const sides = { source: await remoteOf({ a: 'abc' }, []), dest: await remoteOf({ a: 'abd' }) }
    const { error, lines } = await checked({}, sides)
    expect(error).toBeUndefined()
    expect(lines).toContain('ERROR No common hash found - not using a hash for checks')
    expect(lines).toContain("NOTICE memory root '': 1 hashes could not be checked")
    expect((await checked({ download: true }, sides)).error).toMatchObject({ code: 'corrupt' })
  })

  test('one file is compared with that of its name', async () => {
    expect((await checked({ file: 'same' })).error).toBeUndefined()
    expect((await checked({ file: 'gone' })).outcomes).toEqual(['missing-on-dst gone'])
  })

  test('a missing source is the error, and the files in the destination itself are reported', async () => {
    const { error, outcomes } = await checked({ from: 'nowhere' })
    expect(error).toMatchObject({ code: 'dir-not-found' })
    expect(outcomes).toEqual(['extra', 'hash', 'same', 'size'].map((name) => `missing-on-src ${name}`))
  })

  test('a file that cannot be read does not keep the others from being compared', async () => {
    const b = await remoteOf(dest)
    const broken: Remote = { ...b, open: () => Promise.reject(new Error('broken')) }
    const { error, lines, outcomes } = await checked(
      { download: true },
      { source: await remoteOf(source), dest: broken },
    )
    expect(outcomes).toEqual(expect.arrayContaining(['error same', 'error hash', 'differ size']))
    expect(lines).toContain('ERROR same: failed to download: broken')
    expect(error).toMatchObject({ code: 'corrupt' })
  })
})
