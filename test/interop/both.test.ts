import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

// Left out: `%`, which rclone stores in one of two ways, by its age (docs/protocol.md §5.3), and the quote ‛, which it
// cannot read back from a disk.
const NAMES = [
  "odd +#&;=@$,'~[]{}^`!()",
  'æøå 😀 e\u0301',
  ' lead and trail ',
  'dots...',
  '.hidden',
  '...',
  '~tilde',
  'a:b?c*d"e<f>g|h',
  'c\u0001d\u001f\u007fe',
  'new\nline\ttab',
  'back\\slash',
  '：＂＊＜＞？｜',
  '␀␁␡',
  '．',
  '．．',
  'a／b',
  '&amp;<x>',
  'UPPER and lower',
  'long '.repeat(40),
]

describe.skipIf(rcloneVersion === undefined)('between rclone and fjord', () => {
  let account: Interop

  beforeAll(async () => {
    account = await createInterop()
    for (const name of NAMES) {
      const folder = join(account.home, 'odd', `in ${name}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, name), `content of ${name}`)
    }
    writeFileSync(Buffer.concat([Buffer.from(join(account.home, 'odd', 'bad ')), Buffer.of(0xff, 0xfe)]), 'no UTF-8')
  })

  afterAll(() => account[Symbol.asyncDispose]())

  const differences = async (...args: string[]): Promise<string> => (await account.tryRclone(['check', ...args])).stderr

  test('what rclone sent fjord lists and fetches, odd names included', async () => {
    await account.rclone('copy', 'odd', 'j:by-rclone')
    const args = ['lsf', '-R', '--files-only', '--format', 'psth', '--hash', 'MD5']
    expect(sorted(await account.fjord(...args, 'j:by-rclone'))).toEqual(
      sorted(await account.rclone(...args, 'j:by-rclone')),
    )
    await account.fjord('copy', 'j:by-rclone', 'odd-back-1')
    expect(await differences('odd', 'odd-back-1')).toContain('0 differences found')
    expect(await account.fjord('lsf', '-R', 'odd-back-1')).toBe(await account.fjord('lsf', '-R', 'odd'))
  })

  test('what fjord sent rclone lists and fetches, odd names included', async () => {
    await account.fjord('copy', 'odd', 'j:by-fjord')
    expect(await differences('odd', 'j:by-fjord')).toContain('0 differences found')
    await account.rclone('copy', 'j:by-fjord', 'odd-back-2')
    expect(await differences('odd', 'odd-back-2')).toContain('0 differences found')
  })

  test('each finds nothing to do after the other', async () => {
    for (const [program, target] of [['fjord', 'j:by-rclone'] as const, ['rclone', 'j:by-fjord'] as const]) {
      const counts = await account.requests(() => account[program]('copy', 'odd', target))
      expect(counts).not.toHaveProperty('allocate')
      expect(counts).not.toHaveProperty('cphash')
    }
  })

  test('each changes and removes what the other made', async () => {
    account.files('work', { 'a.txt': 'one', 'sub/b.txt': 'two' })
    await account.rclone('copy', 'work', 'j:work')
    account.files('work', { 'a.txt': 'longer than before' })
    await account.fjord('copy', 'work', 'j:work')
    expect(await account.contents('work')).toEqual({ 'a.txt': 'longer than before', 'sub/b.txt': 'two' })
    await account.fjord('delete', 'j:work/sub')
    await account.rclone('rmdir', 'j:work/sub')
    expect(await account.fjord('lsf', '-R', 'j:work')).toBe('a.txt\n')
    await account.rclone('deletefile', 'j:work/a.txt')
    await account.fjord('purge', 'j:work')
    expect((await account.tryRclone(['lsf', 'j:work'])).status).toBe(3)
    await account.fjord('mkdir', 'j:work/new')
    expect(await account.rclone('lsf', 'j:work')).toBe('new/\n')
  })

  test('what rclone 1.60 stores another way fjord finds, replaces and removes as it is', async () => {
    account.files('percent', { '50%.txt': 'one', 'dir 9%/100%': 'two', gone: 'three', 'e\u0301 %': 'four' })
    await account.rclone('copy', 'percent', 'j:percent')
    account.emulator.counters.reset()
    await account.fjord('sync', 'percent', 'j:percent')
    expect(account.emulator.counters.of('allocate').requests).toBe(0)
    expect((await account.tryFjord(['check', 'percent', 'j:percent'])).stderr).toContain('0 differences found')
    account.files('percent', { '50%.txt': 'changed', 'dir 9%/100%': 'changed too', gone: 'three', 'e\u0301 %': 'four' })
    await account.rclone('deletefile', 'percent/gone')
    await account.fjord('sync', 'percent', 'j:percent')
    const now = { '50%.txt': 'changed', 'dir 9%/100%': 'changed too', 'e\u0301 %': 'four' }
    expect(await account.contents('percent')).toEqual(now)
    await account.fjord('move', 'j:percent', 'j:percent moved')
    expect(await differences('percent', 'j:percent moved')).toContain('0 differences found')
    await account.fjord('delete', 'j:percent moved', '--include', '50%.txt')
    expect(Object.keys(await account.contents('percent moved'))).toHaveLength(2)
  })

  test('both print the same', async () => {
    account.files('print', { 'a.txt': 'hello', 'b/c.bin': 'x'.repeat(2000), 'b/empty': '' })
    await account.rclone('copy', 'print', 'j:print')
    const commands = [
      ['lsf', '--format', 'pst', '--files-only', 'j:print'],
      ['cat', 'j:print/a.txt'],
      ['ls', 'j:print/b'],
      ['lsl', 'j:print/b'],
      ['about', '--json', 'j:'],
      ['listremotes'],
    ]
    for (const command of commands) {
      expect([command, await account.fjord(...command)]).toEqual([command, await account.rclone(...command)])
    }
  })
})

/** The lines of a listing, but for names of symbols of control characters, which are shown in two ways. */
function sorted(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('in ␀'))
    .toSorted()
}
