import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf } from '../util/process-identity.ts'
import { recordPath, recordsBelow, writeRecord } from './record-file.ts'
import { createWriters } from './writers.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-writers-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** Another process that has said that it writes. */
async function otherWriter() {
  const child = spawn(execPath, ['-e', 'setInterval(() => undefined, 1000)'])
  await once(child, 'spawn')
  const identity = JSON.stringify(identityOf(child.pid ?? 0))
  writeRecord(recordPath(dir, identity), identity)
  return {
    async end() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

function arrived() {
  const writers = createWriters(dir)
  writers.arrive()
  return writers
}

test('who is the first has inherited nothing', () => {
  const writers = arrived()
  expect(writers.leftAlone()).toBe(false)
  writers.leave()
  expect(recordsBelow(dir)).toEqual([])
  expect(arrived().leftAlone()).toBe(false)
})

test('what a killed process has left is nobody’s', async () => {
  await (await otherWriter()).end()
  const writers = arrived()
  expect(writers.leftAlone()).toBe(true)
  expect(recordsBelow(dir)).toHaveLength(1)
})

test('what may be that of a living process is left to it, until that is gone too', async () => {
  await (await otherWriter()).end()
  const other = await otherWriter()
  const writers = arrived()
  expect(writers.leftAlone()).toBe(false)
  await other.end()
  expect(writers.leftAlone()).toBe(true)
})

test('a process of another machine may be alive', async () => {
  await (await otherWriter()).end()
  const elsewhere = JSON.stringify({ ...identityOf(1), host: 'another machine' })
  writeRecord(recordPath(dir, elsewhere), elsewhere)
  expect(arrived().leftAlone()).toBe(false)
})
