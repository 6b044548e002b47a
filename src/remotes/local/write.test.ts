import { Buffer } from 'node:buffer'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes, withHashing } from '../../core/source.ts'
import { createLocalRemote } from './index.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/local-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

test('the temporary file has a name of its own, cut to what a disk takes', async () => {
  const remote = createLocalRemote()
  for (const name of ['short.txt', 'å'.repeat(127), '日'.repeat(85), 'x'.repeat(255)]) {
    let seen: readonly string[] = []
    const source = withHashing({
      size: undefined,
      modified: undefined,
      known: {},
      async *stream() {
        yield new Uint8Array(2 * 1024 * 1024)
        seen = readdirSync(dir)
        yield new Uint8Array(1)
      },
    })
    await remote.write(at(name), source)
    expect(seen).toHaveLength(1)
    const [, stem] = /^(.*)\.[0-9a-f]{8}\.partial$/u.exec(seen[0] ?? '') ?? []
    expect(name.startsWith(stem ?? '?')).toBe(true)
    expect(readdirSync(dir)).toEqual([name])
    await remote.remove(at(name))
  }
})

test('a replaced file keeps its permissions, a new one gets the usual ones', async () => {
  const remote = createLocalRemote()
  writeFileSync(`${dir}/secret`, 'old', { mode: 0o600 })
  await remote.write(at('secret'), bytes('new'))
  await remote.write(at('plain'), bytes('new'))
  const mode = (name: string): string => (statSync(`${dir}/${name}`).mode & 0o777).toString(8)
  writeFileSync(`${dir}/made by node`, 'x')
  expect([mode('secret'), mode('plain')]).toEqual(['600', mode('made by node')])
})

test('a durable write is a write', async () => {
  await createLocalRemote().write(at('new/file'), bytes('kept'), { durable: true })
  expect(readFileSync(`${dir}/new/file`, 'utf8')).toBe('kept')
})

test('the hash that was known is checked and comes back', async () => {
  const remote = createLocalRemote()
  const md5 = '900150983cd24fb0d6963f7d28e17f72'
  const good = { ...bytes('abc'), known: { md5 } }
  expect((await remote.write(at('file'), good)).hashes).toEqual({ md5 })
  const bad = { ...bytes('abd'), known: { md5 } }
  await expect(remote.write(at('file'), bad)).rejects.toThrow(/^corrupted on transfer: md5 hashes differ src/)
  expect(readFileSync(`${dir}/file`, 'utf8')).toBe('abc')
})

test('a source of many tiny chunks is written whole', async () => {
  const source = withHashing({
    size: 5000,
    modified: undefined,
    known: {},
    async *stream() {
      for (let i = 0; i < 5000; i++) yield Buffer.from([i & 255])
    },
  })
  await createLocalRemote().write(at('file'), source)
  expect(readFileSync(`${dir}/file`).every((byte, i) => byte === (i & 255))).toBe(true)
})

function at(name: string): string {
  return `${dir.slice(1)}/${name}`
}

function bytes(text: string): Source {
  return sourceFromBytes(Buffer.from(text))
}
