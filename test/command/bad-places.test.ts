import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ran } from './fjord.ts'
import { fjord } from './fjord.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fjord-places-'))
  mkdirSync(join(home, 'src'))
  writeFileSync(join(home, 'src/a'), 'a')
  writeFileSync(join(home, 'file'), '')
})
afterEach(() => rmSync(home, { recursive: true }))

/** A command that does not end is killed: its status is null. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return await fjord(args, { home, env, signal: AbortSignal.timeout(45_000), killSignal: 'SIGKILL' })
}

// A directory that is there and in which none can be made: node's own recursive mkdir never comes back from it
const nowhere = process.platform === 'linux' ? ['/proc/nowhere', '/proc/nowhere/below'] : []

describe.each(['file/below', ...nowhere])('%s, where nothing can be made,', (place) => {
  test('as --cache-dir is named once, and the copying is done', async () => {
    const { status, stderr } = await run(['copy', 'src', 'dst', '--cache-dir', place])
    expect(status).toBe(0)
    expect(stderr.match(/NOTICE: .*--cache-dir cannot be used.*(file|nowhere)/g)).toHaveLength(1)
    expect(readdirSync(join(home, 'dst'))).toEqual(['a'])
  })

  test('as --config, and as the folder of the config and of the state, is an error that names it', async () => {
    const make = ['config', 'create', 'm', 'memory']
    const typed = await run([...make, '--config', `${place}/fjord.conf`])
    expect(typed).toMatchObject({ status: 1, stderr: expect.stringContaining(`${place}/fjord.conf"`) })
    const absolute = place.startsWith('/') ? place : join(home, place)
    const found = await run(make, { HOME: absolute, RCLONE_CONFIG: join(absolute, 'c') })
    expect(found).toMatchObject({ status: 1, stderr: expect.stringContaining(absolute) })
  })

  test('as --report or --report-failed ends the run before anything is copied', async () => {
    for (const flag of ['--report', '--report-failed']) {
      const { status, stderr } = await run(['copy', 'src', 'dst', flag, `${place}/r`])
      expect(status).toBe(1)
      expect(stderr).toMatch(/CRITICAL: Failed to write the report .*\/r/)
      expect(readdirSync(home)).not.toContain('dst')
    }
  })

  test('as the destination, or --state of an emulator, is an error that names it', async () => {
    const copied = await run(['copy', 'src', place])
    expect(copied).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/ERROR : a: Failed to copy: .*(file|nowhere)/),
    })
    const emulated = await run(['emulate', '--state', place])
    expect(emulated).toMatchObject({ status: 1, stderr: expect.stringMatching(/file|nowhere/) })
  })
})
