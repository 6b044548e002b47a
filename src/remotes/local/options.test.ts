import { Buffer } from 'node:buffer'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sourceFromBytes } from '../../core/source.ts'
import { onDisk } from './failure.ts'
import { createLocalRemote, pathFromSystem } from './index.ts'
import type { Place } from './place.ts'

const root = mkdtempSync(join(tmpdir(), 'fjord-options-'))
afterAll(() => rmSync(root, { recursive: true }))

test('hashes are those that are named', () => {
  const lines: string[] = []
  const log = { log: ({ text }: { text: string }) => void lines.push(text), enabled: () => true }
  expect(createLocalRemote().facts('').hashes).toContain('whirlpool')
  expect(createLocalRemote({ hashes: ['SHA1', 'md5', 'nosuch'], log }).facts('').hashes).toEqual(['sha1', 'md5'])
  expect(lines).toEqual(['Invalid token "nosuch" in --local-hashes'])
})

test.each([
  [false, '755'],
  [true, '4755'],
])('special bits are restored: %s', async (metadataRestoreSpecialBits, mode) => {
  const path = join(root, mode)
  const remote = createLocalRemote({ metadataRestoreSpecialBits })
  await remote.write(pathFromSystem(path), sourceFromBytes(Buffer.from('x')), { metadata: { mode: '104755' } })
  expect((statSync(path).mode & 0o7777).toString(8)).toBe(mode)
})

test.skipIf(process.platform !== 'linux').each([
  [false, 'disk-full'],
  [true, 'fatal'],
])('a full disk ends everything: %s', (fatalIfNoSpace, code) => {
  const place = { settings: { fatalIfNoSpace }, shown: (path: string) => path } as Place
  const full = openSync('/dev/full', 'w')
  expect(() => onDisk(place, 'write', 'x', () => writeSync(full, 'x'))).toThrow(
    expect.objectContaining({ code, message: 'write x: no space left on device' }),
  )
  closeSync(full)
})
