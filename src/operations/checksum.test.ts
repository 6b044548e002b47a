import { describe, expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { checksum, readSumList } from './checksum.ts'
import type { ChecksumOptions } from './checksum.ts'
import { parseSumList } from './sum-list.ts'

const abc = '900150983cd24fb0d6963f7d28e17f72'

async function compared(list: string, o: Partial<ChecksumOptions> = {}) {
  const remote = createMemoryRemote()
  await plant(remote, { 'r/a': 'abc', 'r/d/b': 'x', SUMS: list })
  const run = recordRun()
  const outcomes: string[] = []
  const sums = await readSumList(run.ctx, { remote, path: '', file: 'SUMS' })
  const done = checksum(run.ctx, { remote, path: 'r' }, sums, {
    type: 'md5',
    onOutcome: (outcome, path) => outcomes.push(`${outcome} ${path}`),
    ...o,
  })
  const error: unknown = await done.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { error, lines: run.lines(), outcomes: outcomes.toSorted(), errors: run.of('error').length }
}

describe('checksum', () => {
  test('says what is the same, differs, or is on one side alone', async () => {
    const { error, lines, outcomes, errors } = await compared(`${abc.toUpperCase()}  a\n${abc} *d/b\n${abc}  gone\n`)
    expect(error).toMatchObject({ code: 'corrupt', message: "file not in memory root 'r'" })
    expect(outcomes).toEqual(['differ d/b', 'match a', 'missing-on-dst gone'])
    expect(lines).toEqual([
      'ERROR d/b: files differ',
      "ERROR gone: file not in memory root 'r'",
      "NOTICE memory root 'r': 1 differences found",
      "NOTICE memory root 'r': 1 files missing",
      "NOTICE memory root 'r': 1 matching files",
      "NOTICE memory root 'r': 2 errors while checking",
    ])
    expect(errors).toBe(2)
  })

  test('a file that the list lacks is a difference, unless only the list matters', async () => {
    expect((await compared(`${abc}  a\n`)).error).toMatchObject({
      message: '1 differences found',
      details: { summary: true },
    })
    expect((await compared(`${abc}  a\n`, { oneWay: true })).error).toBeUndefined()
  })

  test('a hash that the remote lacks is found by reading the file', async () => {
    const sha1 = 'a9993e364706816aba3e25717850c26c9cd0d89d'
    expect((await compared(`${sha1}  a\n`, { type: 'sha1', oneWay: true })).outcomes).toEqual(['error a'])
    expect((await compared(`${sha1}  a\n`, { type: 'sha1', oneWay: true, download: true })).outcomes).toEqual([
      'match a',
    ])
  })
})

describe('a list of sums', () => {
  test('is read line by line, with three warnings by themselves', () => {
    const warnings: string[] = []
    const list = 'AB  a b\r\n\nbad\nab *c\nab  c\nworse\nworst\nstill\n'
    expect([...parseSumList(list, (text) => warnings.push(text))]).toEqual([
      ['a b', 'ab'],
      ['c', 'ab'],
    ])
    expect(warnings).toEqual([
      'improperly formatted checksum line 2',
      'duplicate file on checksum line 4',
      'improperly formatted checksum line 5',
      '2 warning(s) suppressed...',
    ])
  })
})
