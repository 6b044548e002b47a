import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalRemote, pathFromSystem } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'fjord-metadata-'))
const remote = createLocalRemote()

async function metadataOf(name: string) {
  return await remote.metadata?.({ kind: 'dir', path: pathFromSystem(join(root, name)) })
}

beforeAll(() => {
  writeFileSync(join(root, 'file'), 'x')
  chmodSync(join(root, 'file'), 0o640)
  utimesSync(join(root, 'file'), 1.5e9, 1.25)
  mkdirSync(join(root, 'dir'), { mode: 0o750 })
})
afterAll(() => rmSync(root, { recursive: true }))

test('a file has times, mode and owner under the names of rclone', async () => {
  const metadata = await metadataOf('file')
  expect(metadata).toMatchObject({ mode: '100640', uid: String(process.getuid?.()) })
  expect(Date.parse(metadata?.['mtime'] ?? '')).toBe(1250)
  expect(metadata?.['mtime']).toMatch(/:01\.25(Z|[+-]\d\d:\d\d)$/)
  expect(metadata?.['atime']).toMatch(/:00(Z|[+-]\d\d:\d\d)$/)
})

test('the mode of a directory says that it is one', async () => {
  expect(await metadataOf('dir')).toMatchObject({ mode: '40750' })
})

test('what is not there has none', async () => {
  await expect(metadataOf('none')).rejects.toMatchObject({ code: 'not-found' })
})
