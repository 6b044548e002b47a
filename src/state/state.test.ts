import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FileIdentity } from '../core/remembered.ts'
import { openState } from './open.ts'
import { ownIdentity } from '../util/process-identity.ts'
import { writeRecord } from './record-file.ts'

const second = 1_000_000_000n
const day = 86_400_000
const file: FileIdentity = {
  path: 'a/b',
  device: 1n,
  inode: 2n,
  size: 3,
  modified: 100n * second,
  changed: 101n * second,
}
const later = 200n * second

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-state-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const open = (now = Date.now()) => openState(dir, () => now)

function remembered(...files: readonly FileIdentity[]): void {
  const state = open()
  for (const each of files) state.hashes.put(each, { md5: 'abc' }, later)
  state.close()
}

function records(): readonly string[] {
  return readdirSync(join(dir, 'hashes-1'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  )
}

describe('the hash cache', () => {
  test('knows in a later run what was put into it, each kind of hash', () => {
    remembered(file)
    const again = open()
    again.hashes.put(file, { sha1: 'def' }, later)
    again.close()
    const { hashes } = open()
    expect([hashes.get(file, 'md5'), hashes.get(file, 'sha1'), hashes.get(file, 'sha256')]).toEqual([
      'abc',
      'def',
      undefined,
    ])
  })

  test.each([
    ['size', { size: 4 }],
    ['modification time', { modified: 100n * second + 1n }],
    ['change time', { changed: 102n * second }],
    ['inode', { inode: 3n }],
    ['device', { device: 9n }],
    ['name', { path: 'a/c' }],
    ['directory', { path: 'x/b' }],
  ])('says nothing about a file of another %s', (_, change) => {
    remembered(file)
    expect(open().hashes.get({ ...file, ...change }, 'md5')).toBeUndefined()
  })

  test('remembers nothing of a file that had changed less than two seconds before it was read', () => {
    const state = open()
    state.hashes.put(file, { md5: 'abc' }, file.changed + 2n * second - 1n)
    expect(state.hashes.get(file, 'md5')).toBeUndefined()
    state.hashes.put(file, { md5: 'abc' }, file.changed + 2n * second)
    expect(state.hashes.get(file, 'md5')).toBe('abc')
  })

  test('two processes add to one directory, and neither loses what the other found', () => {
    const [one, other] = [open(), open()]
    one.hashes.put(file, { md5: 'abc' }, later)
    other.hashes.put({ ...file, path: 'a/other' }, { md5: 'def' }, later)
    one.close()
    other.close()
    const { hashes } = open()
    expect([hashes.get(file, 'md5'), hashes.get({ ...file, path: 'a/other' }, 'md5')]).toEqual(['abc', 'def'])
  })

  test('keeps more directories than it holds in memory', () => {
    const files = Array.from({ length: 200 }, (_, i) => ({ ...file, path: `d${i}/f` }))
    remembered(...files)
    const { hashes } = open()
    expect(files.filter((each) => hashes.get(each, 'md5') === 'abc')).toHaveLength(200)
  })

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
    ['altered', (bytes: Buffer) => Buffer.from(bytes.toString().replace('abc', 'abd'))],
    ['garbage', () => Buffer.from([0, 255, 10, 3])],
    ['empty', () => Buffer.alloc(0)],
  ])('a record that is %s is as good as none, and is written anew', (_, damage) => {
    remembered(file)
    const [name = ''] = records()
    const path = join(dir, 'hashes-1', name)
    writeFileSync(path, damage(readFileSync(path)))
    expect(open().hashes.get(file, 'md5')).toBeUndefined()
    remembered(file)
    expect(open().hashes.get(file, 'md5')).toBe('abc')
  })

  test('forgets what was of no use for half a year', () => {
    remembered(file)
    open(Date.now() + 179 * day).close()
    expect(records()).toHaveLength(1)
    open(Date.now() + 181 * day).close()
    expect(records()).toHaveLength(0)
  })

  test('a record that a killed process was about to write is none, and goes when nobody can be at it any more', () => {
    remembered(file)
    const [name = ''] = records()
    writeFileSync(join(dir, 'hashes-1', `${name}.1a2b3c4d.new`), 'half')
    const left = (): readonly string[] =>
      readdirSync(join(dir, 'hashes-1'), { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.new'))
    expect(open().info()).toMatchObject({ directories: 1 })
    open().close()
    expect(left()).toHaveLength(1)
    open(Date.now() + day + 1000).close()
    expect(left()).toEqual([])
    expect(records()).toHaveLength(1)
  })

  test('can be cleared and tells what it holds', () => {
    remembered(file)
    const state = open()
    expect(state.info()).toMatchObject({ path: dir, directories: 1, unfinished: 0 })
    state.clear()
    expect(open().info()).toMatchObject({ directories: 0, bytes: 0 })
  })

  test('a folder that cannot be made costs nothing but memory', () => {
    writeFileSync(join(dir, 'file'), '')
    const state = openState(join(dir, 'file', 'below'), Date.now)
    state.hashes.put(file, { md5: 'abc' }, later)
    state.close()
  })
})

describe('unfinished files', () => {
  const record = { size: 10, hash: 'abc', inode: '7', whole: [{ from: 0, to: 4 }] }

  test('are found by a later run, and are left alone while somebody is at work on them', () => {
    const first = open().unfinished
    expect(first.claim('p')).toBeUndefined()
    first.put('p', record)
    expect(first.claim('p')).toBe('taken')
    first.release('p')
    const next = open().unfinished
    expect(next.claim('p')).toEqual(record)
    next.forget('p')
    expect(next.claim('p')).toBeUndefined()
    next.release('p')
    expect(open().info().unfinished).toBe(0)
  })

  test('are free again when their process is gone, and not when it is elsewhere, unless nothing comes for an hour', () => {
    const { unfinished } = open()
    unfinished.claim('p')
    unfinished.put('p', record)
    const claims = (): readonly string[] => {
      const root = join(dir, 'unfinished-1')
      const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
      return all.filter((path) => path.endsWith('.claim'))
    }
    const claimedBy = (other: object): void => {
      for (const path of claims()) writeRecord(path, JSON.stringify({ ...ownIdentity(), ...other }))
    }
    expect(open().unfinished.claim('p')).toBe('taken')
    claimedBy({ host: 'another machine' })
    expect(open().unfinished.claim('p')).toBe('taken')
    const late = open(Date.now() + 3_601_000).unfinished
    expect(late.claim('p')).toEqual(record)
    claimedBy({ pid: 2 ** 22 + 1 })
    expect(open().unfinished.claim('p')).toEqual(record)
    expect(claims()).toHaveLength(1)
  })
})

test('what a run has found is there for the next', () => {
  open().runs.put('key', { files: 1, bytes: 2, at: 3 })
  expect(open().runs.get('key')).toEqual({ files: 1, bytes: 2, at: 3 })
  expect(open().runs.get('other')).toBeUndefined()
})
