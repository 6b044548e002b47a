import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fjord, type Ran } from './fjord.ts'

let home = ''
let folder = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-demo-test-'))
  folder = join(home, 'mine')
  for (const dir of ['mine', 'mine/sub', 'temporary']) mkdirSync(join(home, dir))
})
afterEach(() => rmSync(home, { recursive: true }))

function demo(env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return fjord(['demo', 'mine'], { home, env: { TMPDIR: join(home, 'temporary'), ...env } })
}

describe('the demo', () => {
  test('sends a folder to the emulator and back, leaves nothing behind and does not touch what is yours', async () => {
    writeFileSync(join(folder, 'sub/a'), 'content')
    symlinkSync('nowhere', join(folder, 'link'))
    const { status, stdout } = await demo({ RCLONE_DRY_RUN: 'true', RCLONE_JOTTACLOUD_DEVICE: 'other' })
    expect(stdout).toMatch(/1 files with \d+ bytes went up and came back, equal byte for byte/)
    expect(status).toBe(0)
    expect(readdirSync(home).sort()).toEqual(['mine', 'temporary'])
    expect(readdirSync(join(home, 'temporary'))).toEqual([])
  })

  test.skipIf(process.platform !== 'linux')('takes names as the disk has them', async () => {
    writeFileSync(Buffer.from(`${folder}/no UTF-8: \xff`, 'latin1'), 'content')
    expect(await demo()).toMatchObject({ status: 0 })
  })

  test('says that there is no such folder', async () => {
    rmSync(folder, { recursive: true })
    expect(await demo()).toMatchObject({ status: 3, stderr: expect.stringContaining('mine: directory not found') })
    writeFileSync(folder, 'a file')
    expect(await demo()).toMatchObject({ status: 1, stderr: expect.stringContaining('mine: is a file') })
  })
})
