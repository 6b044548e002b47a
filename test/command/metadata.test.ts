import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount, fjordWithInput } from './fjord.ts'

const born = '2001-02-03T04:05:06Z'

function lay(account: Account): (name: string) => string {
  const at = (name: string): string => join(account.home, name)
  mkdirSync(at('mine'))
  writeFileSync(at('mine/a.txt'), 'hello')
  chmodSync(at('mine/a.txt'), 0o640)
  utimesSync(at('mine/a.txt'), 1_600_000_000, 1_500_000_000)
  return at
}

/** What `lsjson` tells of the metadata of each file. */
async function told(account: Account, ...args: readonly string[]): Promise<Record<string, Record<string, string>>> {
  const { stdout } = await account.run('lsjson', '-M', '--files-only', ...args)
  const items: { Path: string; Metadata: Record<string, string> }[] = JSON.parse(stdout)
  return Object.fromEntries(items.map((item) => [item.Path, item.Metadata]))
}

/** A program that notes what it is told and answers `answer`, a JavaScript expression over `given`. */
function mapper(account: Account, answer: string): readonly string[] {
  const code = `import { appendFileSync, readFileSync } from 'node:fs'
    const given = JSON.parse(readFileSync(0, 'utf8'))
    appendFileSync('told.jsonl', JSON.stringify(given) + '\\n')
    console.log(JSON.stringify(${answer}))`
  writeFileSync(join(account.home, 'mapper.mjs'), code)
  return ['-M', '--metadata-mapper', `"${process.execPath}" mapper.mjs`]
}

const notes = (account: Account): Record<string, unknown>[] =>
  readFileSync(join(account.home, 'told.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('metadata to Jottacloud and back', () => {
  test('keeps the times that the service knows, and says which those are', async () => {
    await using account = await createAccount()
    const at = lay(account)
    await account.run('copy', '-M', '--metadata-set', `btime=${born}`, 'mine', 'jotta:d')
    const times = { btime: born, mtime: '2017-07-14T02:40:00Z' }
    expect(await told(account, 'jotta:d')).toEqual({
      'a.txt': { ...times, 'content-type': 'text/plain', utime: expect.stringMatching(/^20\d\d-.*Z$/) },
    })
    expect(await told(account, '--fast-list', '-R', 'jotta:d')).toMatchObject({ 'a.txt': times })
    const { stdout } = await account.run('lsf', '--format', 'pM', 'jotta:d')
    expect(stdout).toMatch(/^a\.txt;\{"btime":"2001-02-03T04:05:06Z","content-type":"text\/plain","mtime":"2017-/)
    await account.run('copy', '-M', 'jotta:d', 'back')
    expect(statSync(at('back/a.txt')).mtimeMs).toBe(1_500_000_000_000)
  })

  test('is what filters go by', async () => {
    await using account = await createAccount()
    const at = lay(account)
    writeFileSync(at('mine/b.json'), '{}')
    await account.run('copy', 'mine', 'jotta:d')
    const found = async (...args: readonly string[]) => (await account.run('lsf', ...args, 'jotta:d')).stdout
    expect(await found('--metadata-include', 'content-type=application/*')).toBe('b.json\n')
    expect(await found('--metadata-exclude', 'mtime=2017*')).toBe('b.json\n')
  })

  test('what the service makes itself is not taken, and a creation time is kept where only the other changes', async () => {
    await using account = await createAccount()
    lay(account)
    const set = [`btime=${born}`, 'utime=1999-01-01T00:00:00Z', 'content-type=x/y'].flatMap((item) => [
      '--metadata-set',
      item,
    ])
    await account.run('copy', '-M', ...set, 'mine', 'jotta:d')
    await account.run('touch', '-t', '2010-01-01T00:00:00', 'jotta:d/a.txt')
    const { 'a.txt': kept } = await told(account, 'jotta:d')
    expect(kept).toMatchObject({ btime: born, mtime: '2010-01-01T00:00:00Z', 'content-type': 'text/plain' })
    expect(kept?.['utime']).not.toMatch(/^1999/)
  })

  test('goes along with what the service copies and moves by itself, with what is set', async () => {
    await using account = await createAccount()
    lay(account)
    await account.run('copy', '-M', '--metadata-set', `btime=${born}`, 'mine', 'jotta:d')
    const moved = await account.run(
      'moveto',
      '-v',
      '-M',
      '--metadata-set',
      'mtime=2010-01-01T00:00:00Z',
      'jotta:d/a.txt',
      'jotta:e/b.txt',
    )
    expect(moved.stderr).toContain('Moved (server-side)')
    const copied = await account.run(
      'copy',
      '-v',
      '-M',
      '--metadata-set',
      'btime=2002-02-02T02:02:02Z',
      'jotta:e',
      'jotta:f',
    )
    expect(copied.stderr).toContain('Copied (server-side copy)')
    expect(await told(account, '-R', 'jotta:')).toMatchObject({
      'e/b.txt': { btime: born, mtime: '2010-01-01T00:00:00Z' },
      'f/b.txt': { btime: '2002-02-02T02:02:02Z', mtime: '2010-01-01T00:00:00Z' },
    })
  })
})

describe('--metadata-mapper', () => {
  test('is told of the upload once, and its times are the ones', async () => {
    await using account = await createAccount()
    lay(account)
    await account.run(
      'copy',
      ...mapper(account, `{ Metadata: { ...given.Metadata, btime: '${born}' } }`),
      'mine',
      'jotta:d',
    )
    const [note, ...more] = notes(account)
    expect(more).toEqual([])
    expect(Object.entries(note ?? {})).toEqual([
      ['SrcFs', 'mine'],
      ['SrcFsType', 'local'],
      ['DstFs', 'jotta:d'],
      ['DstFsType', 'jottacloud'],
      ['Remote', 'a.txt'],
      ['Size', 5],
      ['MimeType', 'text/plain; charset=utf-8'],
      ['ModTime', '2017-07-14T02:40:00Z'],
      ['IsDir', false],
      ['Metadata', expect.objectContaining({ mode: '100640', mtime: '2017-07-14T02:40:00Z' })],
    ])
    expect(await told(account, 'jotta:d')).toMatchObject({ 'a.txt': { btime: born, mtime: '2017-07-14T02:40:00Z' } })
  })

  test('is told of the download, and of the rename on the disk', async () => {
    await using account = await createAccount()
    const at = lay(account)
    await account.run('copy', 'mine', 'jotta:d')
    const program = mapper(account, `{ Metadata: { ...given.Metadata, mode: '100600' } }`)
    expect(await account.run('copy', ...program, 'jotta:d', 'back')).toMatchObject({ status: 0 })
    const partial = expect.stringMatching(/^a\.txt\.[0-9a-f]{8}\.partial$/)
    expect(notes(account)).toMatchObject([
      {
        SrcFs: 'jotta:d',
        DstFs: 'back',
        Remote: partial,
        MimeType: 'text/plain',
        Metadata: { 'content-type': 'text/plain' },
      },
      { SrcFs: 'back', SrcFsType: 'local', DstFs: 'back', Remote: partial, Metadata: { mode: '100600' } },
    ])
    expect((statSync(at('back/a.txt')).mode & 0o777).toString(8)).toBe('600')
  })

  test('that fails is an error of that file, and the others go on', async () => {
    await using account = await createAccount()
    const at = lay(account)
    writeFileSync(at('mine/b.txt'), 'other')
    const program = mapper(account, `given.Remote.startsWith('a') ? process.exit(3) : {}`)
    for (const dest of ['jotta:d', 'back']) {
      const ran = await account.run('copy', '--retries', '1', ...program, 'mine', dest)
      expect(ran.status).toBe(1)
      expect(ran.stderr).toMatch(
        /ERROR : a\.txt: Failed to copy: failed to read metadata from source object: metadata mapper: failed on .*mapper\.mjs: "": exit status 3/,
      )
      expect((await account.run('lsf', dest)).stdout).toBe('b.txt\n')
    }
  })

  test('does nothing without -M, and nothing in a dry run', async () => {
    await using account = await createAccount()
    lay(account)
    const program = mapper(account, 'process.exit(3)')
    expect(await account.run('copy', ...program, '-n', 'mine', 'jotta:d')).toMatchObject({ status: 0 })
    expect(await account.run('copy', ...program.slice(1), 'mine', 'jotta:d')).toMatchObject({ status: 0 })
  })

  test('is shown at work by --dump mapper', async () => {
    await using account = await createAccount()
    lay(account)
    const { stderr } = await account.run('copy', '--dump', 'mapper', ...mapper(account, '{}'), 'mine', 'jotta:d')
    expect(stderr).toMatch(/DEBUG : Metadata mapper sent: \n\{\n\t"SrcFs": "mine",/)
    expect(stderr).toMatch(/DEBUG : Metadata mapper received: \n\{\}\n/)
    expect(stderr).not.toContain('HTTP REQUEST')
  })
})

describe('a file that is made', () => {
  const set = (item: string): readonly string[] => ['-M', '--metadata-set', item]

  test.each(['jotta:d', 'new'])('by rcat, with and without --size, or by touch, has what is set: %s', async (place) => {
    await using account = await createAccount()
    const pipe = (...args: readonly string[]) =>
      fjordWithInput(['rcat', ...args], { home: account.home }, Buffer.from('piped'))
    await pipe(...set(`mtime=${born}`), `${place}/rcat`)
    await pipe(...set(`mtime=${born}`), '--size', '5', `${place}/sized`)
    await pipe(...set(`mtime=${born}`), '--streaming-upload-cutoff', '0', `${place}/streamed`)
    await account.run('touch', ...set(`mtime=${born}`), `${place}/touched`)
    await pipe('--metadata-set', `mtime=${born}`, `${place}/without`)
    const { without, ...files } = await told(account, place)
    expect(Object.keys(files)).toEqual(['rcat', 'sized', 'streamed', 'touched'])
    for (const metadata of Object.values(files)) expect(Date.parse(metadata['mtime'] ?? '')).toBe(Date.parse(born))
    expect(without?.['mtime']).not.toMatch(/^2001/)
  })

  test('goes through the mapper', async () => {
    await using account = await createAccount()
    const args = ['rcat', ...mapper(account, `{ Metadata: { mtime: '${born}' } }`), 'jotta:d/f']
    await fjordWithInput(args, { home: account.home }, Buffer.from('piped'))
    expect(notes(account)).toMatchObject([{ SrcFsType: 'object.memoryFs', DstFs: 'jotta:d', Remote: 'f', Size: 5 }])
    expect(await told(account, 'jotta:d')).toMatchObject({ f: { mtime: born } })
  })
})

test('--metadata-set without a value is refused by every command', async () => {
  await using account = await createAccount()
  const { status, stderr } = await account.run('lsf', '--metadata-set', 'bad', '.')
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/ CRITICAL: Failed to parse 'bad' as metadata key=value\.\n$/),
  ])
})
