import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDirs } from './make-dirs.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'fjord-dirs-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('makes a directory and all above it, with the mode asked for, and is content with one that is there', () => {
  const deep = join(folder, 'a/b/c')
  makeDirs(deep, 0o700)
  expect(statSync(deep).isDirectory()).toBe(true)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  makeDirs(deep)
  mkdirSync(join(folder, 'x'))
  makeDirs(join(folder, 'x/y'))
  expect(existsSync(join(folder, 'x/y'))).toBe(true)
})

test('a file in the way is an error', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeDirs(join(folder, 'file'))).toThrow('EEXIST')
  expect(() => makeDirs(join(folder, 'file/below/it'))).toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux')('ends where a directory cannot have others, and names what it tried', () => {
  expect(() => makeDirs('/proc/nowhere')).toThrow("ENOENT: no such file or directory, mkdir '/proc/nowhere'")
  expect(() => makeDirs('/proc/nowhere/below/it')).toThrow("mkdir '/proc/nowhere'")
})
