import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import type { Metadata } from '../core/metadata.ts'
import type { Mapped } from './metadata-mapper.ts'
import { createMapper } from './metadata-mapper.ts'

const item: Mapped = {
  SrcFs: 'src',
  SrcFsType: 'local',
  DstFs: 'jotta:dir',
  DstFsType: 'jottacloud',
  Remote: 'a&b.txt',
  Size: 12,
  MimeType: 'text/plain; charset=utf-8',
  ModTime: '2001-02-03T04:05:06.789012345Z',
  IsDir: false,
  Metadata: { mode: '100644', mtime: '2001-02-03T04:05:06.789012345Z' },
}

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-mapper-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A mapper whose program runs `code`. */
function running(code: string, o: { readonly dump?: boolean; readonly run?: ReturnType<typeof recordRun> } = {}) {
  writeFileSync(join(dir, 'm.mjs'), code)
  const { ctx } = o.run ?? recordRun()
  return createMapper(ctx, [process.execPath, join(dir, 'm.mjs'), join(dir, 'seen')], { dump: o.dump === true })
}

function answering(answer: string): Promise<Metadata> {
  return running(`process.stdout.write(${JSON.stringify(answer)})`)(item)
}

test('a program is told what rclone tells it, and its answer is taken', async () => {
  const mapper = running(`
    import { readFileSync, writeFileSync } from 'node:fs'
    const text = readFileSync(0, 'utf8')
    writeFileSync(process.argv[2], text)
    console.log(JSON.stringify({ Metadata: { ...JSON.parse(text).Metadata, extra: 'é' } }))`)
  expect(await mapper(item)).toEqual({ ...item.Metadata, extra: 'é' })
  expect(readFileSync(join(dir, 'seen'), 'utf8')).toBe(`{
\t"SrcFs": "src",
\t"SrcFsType": "local",
\t"DstFs": "jotta:dir",
\t"DstFsType": "jottacloud",
\t"Remote": "a\\u0026b.txt",
\t"Size": 12,
\t"MimeType": "text/plain; charset=utf-8",
\t"ModTime": "2001-02-03T04:05:06.789012345Z",
\t"IsDir": false,
\t"Metadata": {
\t\t"mode": "100644",
\t\t"mtime": "2001-02-03T04:05:06.789012345Z"
\t}
}`)
})

describe('an answer', () => {
  test.each<[string, Metadata]>([
    ['{}', {}],
    ['null\n', {}],
    ['{"Metadata":null}', {}],
    ['{"metadata":{"mode":"100600"}}', { mode: '100600' }],
    ['{"Metadata":{"mode":null}}', { mode: '' }],
    ['{"Remote":"other","Size":-1,"IsDir":true,"Extra":[1],"Metadata":{"a":"b"}}', { a: 'b' }],
    ['{"ModTime":"2001-02-03T04:05:06.7+02:00"}', {}],
  ])('%j is taken', async (answer, metadata) => {
    expect(await answering(answer)).toEqual(metadata)
  })

  test.each([
    ['', 'unexpected end of JSON input'],
    ['hello\n', 'this is no JSON'],
    ['{"Metadata":{}} x', 'this is no JSON'],
    ['[]', 'this is no JSON object'],
    ['{"Metadata":"x"}', 'Metadata is no JSON object'],
    ['{"Metadata":{"mode":600}}', 'the value of mode in Metadata is no text'],
    ['{"Size":"x","Metadata":{}}', 'Size makes no sense'],
    ['{"ModTime":"x"}', 'ModTime makes no sense'],
  ])('%j is an error', async (answer, problem) => {
    const text = `metadata mapper: failed to read output: ${JSON.stringify(answer)}: ${problem}`
    await expect(answering(answer)).rejects.toMatchObject({ code: 'io', message: text })
  })
})

describe('a program that', () => {
  test('fails is an error with what it said', async () => {
    const { ctx } = recordRun()
    const mapper = createMapper(ctx, [process.execPath, '-e', 'console.error(" no way "); process.exit(3)'], {
      dump: false,
    })
    const message = expect.stringMatching(
      /^metadata mapper: failed on \S+ -e "console\.error\("" no way ""\); process\.exit\(3\)": "no way": exit status 3$/,
    )
    await expect(mapper(item)).rejects.toMatchObject({ code: 'io', message })
  })

  test.each([
    ['./nosuch', 'fork/exec ./nosuch: no such file or directory'],
    ['nosuchprogram', 'exec: "nosuchprogram": executable file not found in $PATH'],
  ])('is not there is an error: %s', async (program, why) => {
    const mapper = createMapper(recordRun().ctx, [program], { dump: false })
    await expect(mapper(item)).rejects.toMatchObject({ message: `metadata mapper: failed on ${program}: "": ${why}` })
  })

  test('does not read what it is given is fine', async () => {
    const long = { ...item, Metadata: { long: 'x'.repeat(1_000_000) } }
    expect(await running('process.stdin.destroy(); console.log("{}")')(long)).toEqual({})
  })

  test('does not end is ended with the run', async () => {
    const abort = new AbortController()
    const run = recordRun({ signal: abort.signal })
    const reason = new Error('stop')
    const started = join(dir, 'seen')
    const code = `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[2], ''); setInterval(() => {}, 1000)`
    const mapping = running(code, { run })(item)
    const watch = setInterval(() => existsSync(started) && abort.abort(reason), 10)
    await expect(mapping)
      .rejects.toBe(reason)
      .finally(() => clearInterval(watch))
  })
})

test('what goes to and fro is logged where that is asked for', async () => {
  const texts: string[] = []
  const log = { log: ({ text }: { readonly text: string }) => texts.push(text), enabled: () => true }
  await running('console.log("{}")', { dump: true, run: recordRun({ log }) })(item)
  expect(texts).toEqual([
    expect.stringMatching(/^Metadata mapper sent: \n\{\n\t"SrcFs": "src"/),
    'Metadata mapper received: \n{}\n\n',
  ])
})
