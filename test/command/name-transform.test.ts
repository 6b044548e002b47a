import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bin, createAccount, fjord } from './fjord.ts'
import { snapshot } from './trees.ts'

function plant(root: string, tree: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

/** The files below a folder and what is in them. */
function filesOf(root: string): Record<string, string> {
  const files = [...snapshot(root)].filter(([, content]) => content !== 'dir')
  return Object.fromEntries(files.map(([path, content]) => [path, content.replace(/ @ \d+$/, '')]))
}

describe('on an account', () => {
  test('copy and sync give files other names, find them again, and check agrees', async () => {
    await using account = await createAccount()
    const { home } = account
    const run = (...args: readonly string[]) => account.run(...args)
    plant(join(home, 'mine'), { 'a.txt': 'a', 'Sub Dir/Ünïcode.txt': 'u' })
    const names = [
      '--name-transform',
      'all,replace= :_',
      '--name-transform',
      'all,nfc',
      '--name-transform',
      'suffix=.x',
    ]
    const sent = () => account.emulator.counters.of('allocate').requests
    expect(await run('copy', '-v', 'mine', 'jotta:m', ...names)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('Sub Dir/Ünïcode.txt: Copied (new) to: Sub_Dir/Ünïcode.txt.x'),
    })
    expect((await run('lsf', '-R', 'jotta:m')).stdout.split('\n').toSorted()).toEqual(
      ['', 'Sub_Dir/', 'Sub_Dir/Ünïcode.txt.x', 'a.txt.x'].toSorted(),
    )
    const before = sent()
    expect((await run('copy', '-v', 'mine', 'jotta:m', ...names)).stderr).toContain('There was nothing to transfer')
    expect(await run('check', 'mine', 'jotta:m', ...names)).toMatchObject({ status: 0 })
    expect(await run('check', 'mine', 'jotta:m')).toMatchObject({ status: 1 })
    expect((await run('sync', '-v', 'mine', 'jotta:m', ...names)).stderr).toContain('There was nothing to transfer')
    expect(sent()).toBe(before)
    rmSync(join(home, 'mine/a.txt'))
    expect(await run('sync', '-v', 'mine', 'jotta:m', ...names)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('a.txt.x: Deleted'),
    })
    expect(await run('copy', 'jotta:m', 'back', '--name-transform', 'trimsuffix=.x')).toMatchObject({ status: 0 })
    expect(readFileSync(join(home, 'back/Sub_Dir/Ünïcode.txt'), 'utf8')).toBe('u')
  })

  test('convmv renames on the server, case alone too, and loses nothing', async () => {
    await using account = await createAccount()
    const { home, emulator } = account
    const run = (...args: readonly string[]) => account.run(...args)
    const tree = { 'Photos/IMG_1.JPG': '1', 'Photos/Deep/IMG_2.JPG': '2', 'same.txt': '3', 'e\u0301.txt': '4' }
    plant(join(home, 'mine'), tree)
    expect(await run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
    const bytes = () => emulator.counters.of('upload').bytesReceived + emulator.counters.of('download').bytesSent
    const before = bytes()

    const dry = await run('convmv', '-n', 'jotta:m', '--name-transform', 'all,lowercase')
    expect(dry.stderr).toContain('Photos/IMG_1.JPG: Skipped move to Photos/img_1.jpg as --dry-run is set')
    expect((await run('lsf', '-R', '--files-only', 'jotta:m')).stdout).toContain('Photos/IMG_1.JPG')

    expect(await run('convmv', 'jotta:m', '--name-transform', 'all,lowercase')).toMatchObject({ status: 0 })
    expect(await run('convmv', 'jotta:m', '--name-transform', 'all,nfc')).toMatchObject({ status: 0 })
    expect((await run('convmv', '-v', 'jotta:m', '--name-transform', 'all,lowercase')).stderr).toContain(
      'There was nothing to transfer',
    )
    expect(bytes()).toBe(before)
    expect(await run('copy', 'jotta:m', 'back')).toMatchObject({ status: 0 })
    expect(Object.keys(filesOf(join(home, 'back'))).map((path) => Buffer.from(path, 'latin1').toString())).toEqual(
      expect.arrayContaining(['photos/img_1.jpg', 'photos/deep/img_2.jpg', 'same.txt', '\u00e9.txt']),
    )
  })

  test('convmv overwrites nothing, and says what it left', async () => {
    await using account = await createAccount()
    const { home } = account
    const run = (...args: readonly string[]) => account.run(...args)
    const tree = { a1: 'a1', a2: 'a2', b: 'b', 'c.old': 'c', C: 'other c', 'd/x1': 'x' }
    plant(join(home, 'mine'), tree)
    expect(await run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
    const rules = ['--name-transform', 'regex=\\d$/', '--name-transform', 'trimsuffix=.old']
    const done = await run('convmv', 'jotta:m', ...rules)
    expect(done.status).toBe(6)
    expect(done.stderr).toContain('a2: Left out: the source also has "a1"')
    expect(done.stderr).toContain('c.old: Left out: the new name "c" is taken')
    expect(await run('copy', 'jotta:m', 'back')).toMatchObject({ status: 0 })
    expect(filesOf(join(home, 'back'))).toEqual({ a: 'a1', a2: 'a2', b: 'b', 'c.old': 'c', C: 'other c', 'd/x': 'x' })
  })
})

test('convmv that was killed has lost nothing, and can be run again', async () => {
  await using account = await createAccount()
  const { home, emulator } = account
  const tree = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`dir${i % 4}/sub/file ${i}.Txt`, `content ${i}`]),
  )
  plant(join(home, 'mine'), tree)
  expect(await account.run('copy', 'mine', 'jotta:m')).toMatchObject({ status: 0 })
  const args = ['convmv', 'jotta:m', '--name-transform', 'all,suffix=.X', '--name-transform', 'all,replace=.X.X:.X']
  const look = async (): Promise<Record<string, string>> => {
    rmSync(join(home, 'back'), { recursive: true, force: true })
    expect(await account.run('copy', 'jotta:m', 'back')).toMatchObject({ status: 0 })
    return filesOf(join(home, 'back'))
  }
  for (const moves of [5, 20]) {
    const already = emulator.counters.of('mv').requests
    const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'fjord.conf') }
    const child = spawn(process.execPath, [bin, ...args], { cwd: home, env, stdio: 'ignore' })
    const ended = once(child, 'close')
    while (emulator.counters.of('mv').requests < already + moves && child.exitCode === null) await setTimeout(1)
    child.kill('SIGKILL')
    await ended
    const between = await look()
    expect(Object.values(between).toSorted()).toEqual(Object.values(tree).toSorted())
    expect(Object.keys(between).filter((path) => path in tree)).not.toEqual([])
  }
  expect(await account.run(...args)).toMatchObject({ status: 0 })
  const renamed = Object.entries(tree).map(([path, content]) => [`${path.replaceAll('/', '.X/')}.X`, content])
  expect(await look()).toEqual(Object.fromEntries(renamed))
})

describe('on a disk', () => {
  test('convmv renames one file or all, with the answers of a program', async () => {
    const home = mkdtempSync(join(tmpdir(), 'fjord-names-'))
    try {
      plant(home, {
        'mine/a b.txt': '1',
        'mine/sub/c d.txt': '2',
        underscore: '#!/bin/sh\nprintf %s "$1" | tr " " _\n',
      })
      const run = (...args: readonly string[]) => fjord(args, { home })
      const rule = ['--name-transform', `command=${join(home, 'underscore')}`]
      expect(await run('convmv', 'mine', ...rule)).toMatchObject({ status: 6 }) // it may not be run
      expect(filesOf(join(home, 'mine'))).toEqual({ 'a b.txt': '1', 'sub/c d.txt': '2' })
      chmodSync(join(home, 'underscore'), 0o755)
      const time = statSync(join(home, 'mine/a b.txt')).mtimeMs
      expect(await run('convmv', 'mine', ...rule)).toMatchObject({ status: 0 })
      expect(filesOf(join(home, 'mine'))).toEqual({ 'a_b.txt': '1', 'sub/c_d.txt': '2' })
      expect(statSync(join(home, 'mine/a_b.txt')).mtimeMs).toBe(time)
      expect(await run('convmv', 'mine/sub/c_d.txt', '--name-transform', 'uppercase')).toMatchObject({ status: 0 })
      expect(filesOf(join(home, 'mine'))).toEqual({ 'a_b.txt': '1', 'sub/C_D.TXT': '2' })
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })

  test('a rule that means nothing changes nothing', async () => {
    const home = mkdtempSync(join(tmpdir(), 'fjord-names-'))
    try {
      plant(home, { 'mine/a': '1' })
      for (const [rule, ...args] of [
        ['nosuch=1', 'copy', 'mine', 'there'],
        ['prefix', 'sync', 'mine', 'there'],
        ['regex=x', 'move', 'mine', 'there'],
        ['index=1', 'convmv', 'mine'],
      ]) {
        const { status, stderr } = await fjord([...args, '--name-transform', rule ?? ''], { home })
        expect({ status, named: stderr.includes(`--name-transform "${rule}"`) }).toEqual({ status: 1, named: true })
      }
      expect(existsSync(join(home, 'there'))).toBe(false)
      expect(filesOf(join(home, 'mine'))).toEqual({ a: '1' })
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})
