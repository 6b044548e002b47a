import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasTerminals, onTerminal, type OnTerminal, type TypedStep } from '../support/on-terminal.ts'
import { bin } from './fjord.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dialogue-'))
  writeFileSync(join(home, 'rclone.conf'), '[here]\ntype = alias\nremote = src\n')
})
afterEach(() => rmSync(home, { recursive: true }))

/** Types answers, each where the prompt stands. */
function config(answers: readonly (readonly [at: string, type: string])[], args = ['config']): Promise<OnTerminal> {
  return run(
    args,
    answers.map(([at, type]) => ({ at, type: `${type}\r` })),
  )
}

function run(args: readonly string[], steps: readonly TypedStep[], env = {}): Promise<OnTerminal> {
  const environment = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'rclone.conf'), TERM: 'xterm' }
  return onTerminal([process.execPath, bin, ...args], steps, { cwd: home, env: { ...environment, ...env } })
}

/** What readline writes to place the cursor is no part of the text. */
function plain({ screen }: OnTerminal): string {
  // oxlint-disable-next-line no-control-regex
  return screen.replaceAll(/\u001B\[(?:\d*[GJKCD]|\?\d+[hl])/g, '')
}

const menu = 'e/n/d/r/c/s/q> '
const mainMenu = (rows: string): string => `Current remotes:

Name                 Type
====                 ====
${rows}
e) Edit existing remote
n) New remote
d) Delete remote
r) Rename remote
c) Copy remote
s) Set configuration password
q) Quit config
${menu}`

describe.skipIf(!hasTerminals)('the dialogue of config, on a terminal', () => {
  test('edits a remote, Enter taking what is there (transcript config-edit)', async () => {
    const shown = await config([
      [menu, 'e'],
      ['remote> ', '1'],
      ['remote> ', ''],
      ['y/n> ', ''],
      ['y/e/d> ', ''],
      [menu, 'q'],
    ])
    expect(shown).toMatchObject({ status: 0, restored: true, untyped: 0 })
    expect(plain(shown)).toBe(`${mainMenu('here                 alias\n')}e

Select remote.
Choose a number from below, or type in an existing value.
\u001B[91m 1 > here
\u001B[0mremote> 1

Editing existing "here" remote with options:
- type: alias
- remote: src

Option remote.
What the alias stands for, as one would type it: a remote, a path on one, or a local path
Enter a value of type string. Press Enter for the default (src).
remote> 

Edit advanced config?
y) Yes
n) No (default)
y/n> 

Configuration complete.
Options:
- type: alias
- remote: src
Keep this "here" remote?
y) Yes this is OK (default)
e) Edit this remote
d) Delete this remote
y/e/d> 

${mainMenu('here                 alias\n')}q
`)
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toBe('[here]\ntype = alias\nremote = src\n')
  })

  test('copies, renames and deletes, and says what cannot be taken (transcript config-copy-rename-delete-errors)', async () => {
    const shown = await config([
      [menu, 'c'],
      ['remote> ', '1'],
      ['name> ', 'two'],
      [menu, 'r'],
      ['remote> ', 'here'],
      ['name> ', 'three'],
      [menu, 'd'],
      ['remote> ', '9'],
      ['remote> ', 'zz'],
      ['remote> ', 'three'],
      [menu, 'x'],
      [menu, ''],
      [menu, 'qq'],
      [menu, 'Q'],
    ])
    expect(shown).toMatchObject({ status: 0, untyped: 0 })
    const text = plain(shown)
    expect(text).toContain(`${mainMenu('here                 alias\ntwo                  alias\n')}r`)
    expect(text).toContain(`\u001B[91m 1 > here\n\u001B[0m\u001B[92m 2 > two\n\u001B[0mremote> here\n`)
    expect(text).toContain(`
Enter new name for "here" remote.
Enter name for new remote.
name> three

${mainMenu('three                alias\ntwo                  alias\n')}d
`)
    expect(text).toContain(`remote> 9
No choices with this number.
remote> zz
This value must match an existing value.
remote> three


${mainMenu('two                  alias\n')}x
This value must be one of the following characters: e, n, d, r, c, s, q.
${menu}
This value is required and it has no default.
${menu}qq
This value must be a single character, one of the following: e, n, d, r, c, s, q.
${menu}Q
`)
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toBe('[two]\ntype = alias\nremote = src\n\n')
  })

  test('encrypts the file with a password that is not shown, and decrypts it (transcript config-set-password)', async () => {
    const shown = await config([
      [menu, 's'],
      ['a/q> ', 'a'],
      ['password:', 'secret'],
      ['password:', 'other'],
      ['password:', 'secret'],
      ['password:', 'secret'],
      ['c/u/q> ', 'q'],
      [menu, 'q'],
    ])
    expect(shown).toMatchObject({ status: 0, restored: true, untyped: 0 })
    expect(plain(shown)).not.toMatch(/secret|other/)
    expect(plain(shown)).toContain(`
a/q> a
Enter NEW configuration password:
password:
Confirm NEW configuration password:
password:
Passwords do not match!
Enter NEW configuration password:
password:
Confirm NEW configuration password:
password:
Password set
Your configuration is encrypted.
`)
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toContain('RCLONE_ENCRYPT_V0')
    const again = await config(
      [
        ['password:', 'wrong'],
        ['password:', 'secret'],
        [menu, 's'],
        ['c/u/q> ', 'u'],
        ['a/q> ', 'q'],
        [menu, 'q'],
      ],
      ['config', 'edit'],
    )
    expect(again).toMatchObject({ status: 0, untyped: 0 })
    expect(plain(again)).toContain("Couldn't decrypt configuration, most likely wrong password.")
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toBe('[here]\ntype = alias\nremote = src\n\n')
  })

  test('makes a remote, after names that cannot be one or are taken', async () => {
    const shown = await config([
      [menu, 'n'],
      ['name> ', 'bad:name'],
      ['name> ', 'here'],
      ['name> ', 'mine'],
      ['Storage> ', 'nosuch'],
      ['Storage> ', 'alias'],
      ['remote> ', ''],
      ['remote> ', 'dst'],
      ['y/n> ', 'y'],
      ['description> ', 'my own'],
      ['y/n> ', ''],
      ['y/e/d> ', ''],
      [menu, 'q'],
    ])
    expect(shown).toMatchObject({ status: 0, untyped: 0 })
    const text = plain(shown)
    expect(text).toContain(`Can't use "bad:name" as config name contains invalid characters`)
    expect(text).toContain('Remote "here" already exists.\nEnter name for new remote.\n')
    expect(text).toContain('remote> \nThis value is required and it has no default.\nremote> dst\n')
    expect(text).toContain('Enter a value. Press Enter to leave empty.\ndescription> my own\n\nEdit advanced config?\n')
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toContain(
      '[mine]\ntype = alias\nremote = dst\ndescription = my own\n\n',
    )
  })

  test.each([
    ['the interrupt key', '\u0003', 130],
    ['a signal', { signal: 'SIGINT' } as const, 130],
    ['a signal to end', { signal: 'SIGTERM' } as const, 143],
  ])('%s at a prompt ends it, changes nothing and leaves the terminal as it was', async (_, type, status) => {
    const ended = await run(['config'], [{ at: menu, type }])
    expect(ended).toMatchObject({ status, restored: true, untyped: 0 })
    const hidden = await run(['config', 'encryption', 'set'], [{ at: 'password:', type }])
    expect(hidden).toMatchObject({ status, restored: true, untyped: 0 })
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toBe('[here]\ntype = alias\nremote = src\n')
  })

  test('lines that are typed ahead are not lost', async () => {
    const shown = await run(['config'], [{ at: menu, type: 'n\rmine\ralias\rsrc\r\r\rq\r' }])
    expect(shown).toMatchObject({ status: 0, restored: true })
    expect(readFileSync(join(home, 'rclone.conf'), 'utf8')).toContain('[mine]\ntype = alias\nremote = src\n\n')
  })

  test('the end key ends it where nothing else does', async () => {
    const shown = await run(['config'], [{ at: menu, type: '\u0004' }])
    expect(shown).toMatchObject({ status: 1, restored: true })
    expect(plain(shown)).toContain('CRITICAL: Failed to read line: EOF')
  })

  test('colours are left out where they are not wanted', async () => {
    const steps = [
      { at: menu, type: 'e\r' },
      { at: 'remote> ', type: '\u0003' },
    ]
    const { screen } = await run(['config'], steps, { NO_COLOR: '1' })
    expect(screen).not.toContain('\u001B[91m')
  })
})
